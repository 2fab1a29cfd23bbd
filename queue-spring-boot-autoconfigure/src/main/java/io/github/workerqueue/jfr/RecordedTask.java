package io.github.workerqueue.jfr;

import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskScope;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Scope that measures one task and commits its event. */
final class RecordedTask implements TaskScope {

    private final TaskEvent event = new TaskEvent();

    private final TaskInfo task;

    private final long put = System.nanoTime();

    /** Start time of the current attempt, by {@code System.nanoTime()}. */
    private long started;

    private boolean running;

    RecordedTask(TaskInfo task) {
        this.task = task;
    }

    @Override
    public <R extends @Nullable Object> R call(Callable<R> attempt) throws Exception {
        if (event.attempts++ == 0) {
            event.wait = System.nanoTime() - put;
            event.begin();
        }
        started = System.nanoTime();
        running = true;
        return attempt.call();
    }

    /** Adds the time of the attempt, after the attempt and its stage have ended. Later calls have no effect. */
    private void attemptEnded() {
        if (running) {
            running = false;
            event.run += System.nanoTime() - started;
        }
    }

    @Override
    public void handle(Runnable handler) {
        attemptEnded();
        handler.run();
    }

    @Override
    public void retried(int attempts, Throwable failure) {
        attemptEnded();
    }

    @Override
    public void ended(Outcome outcome, @Nullable Throwable failure) {
        attemptEnded();
        if (event.attempts == 0) {
            event.wait = System.nanoTime() - put;
        }
        event.end();
        if (event.shouldCommit()) {
            event.queue = task.queue();
            event.task = task.name();
            event.outcome = outcome.name().toLowerCase(Locale.ROOT);
            event.commit();
        }
    }
}
