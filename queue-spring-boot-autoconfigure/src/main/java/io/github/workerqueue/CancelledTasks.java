package io.github.workerqueue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The tasks that one cancel or close has ended. Counts them immediately, and leaves all user code for later. */
final class CancelledTasks implements Cancellation.CancelSink {

    private final QueueEngine engine;

    private final Queue<Cancelled> tasks = new ConcurrentLinkedQueue<>();

    CancelledTasks(QueueEngine engine) {
        this.engine = engine;
    }

    @Override
    public void drop(long ticket, Object task) {
        tasks.add(new Cancelled(ticket, engine.round.index(ticket), task, false, null));
        engine.dropped.incrementAndGet();
    }

    @Override
    public void interrupt(long ticket, @Nullable Object source) {
        tasks.add(new Cancelled(ticket, engine.round.index(ticket), source, true, null));
    }

    @Override
    public void detach(long ticket, @Nullable Object source, CompletionStage<?> stage) {
        tasks.add(new Cancelled(ticket, engine.round.index(ticket), source, true, stage));
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Returns the tasks in submission order. */
    List<Cancelled> inOrder() {
        return tasks.stream()
                .sorted(Comparator.comparingLong(Cancelled::ticket))
                .toList();
    }

    /** Returns the calls that complete the cancel of these tasks, and that run user code. */
    List<Runnable> callbacks(List<Cancelled> inOrder) {
        List<Runnable> callbacks = new ArrayList<>();
        for (Cancelled task : inOrder) {
            callbacks.addAll(callbacks(task));
        }
        return callbacks;
    }

    private List<Runnable> callbacks(Cancelled task) {
        CompletionStage<?> stage = task.stage;
        if (stage != null) {
            return List.of(() -> AsyncTask.cancel(stage));
        }
        return task.started || !(engine.timed || task.task instanceof QueuedTask)
                ? List.of()
                : List.of(() -> drop(task));
    }

    private void drop(Cancelled task) {
        if (task.task instanceof QueuedTask job) {
            job.drop();
        }
        engine.notifyNeverStarted(task.index);
    }

    /** As {@link #callbacks(List)}, but tasks that never ran are given back: their futures stay open. */
    List<Runnable> callbacksOfReturned() {
        List<Runnable> callbacks = new ArrayList<>();
        for (Cancelled task : inOrder()) {
            if (!task.neverRan()) {
                callbacks.addAll(callbacks(task));
                continue;
            }
            if (task.task instanceof QueuedTask job) {
                callbacks.add(job.detachExecution());
            }
            callbacks.add(() -> engine.notifyNeverStarted(task.index));
        }
        return callbacks;
    }

    /**
     * A task that was cancelled.
     *
     * @param ticket the position of the task in submission order
     * @param index the position of the task in its round
     * @param task the task if it never started, else the object that names it
     * @param started whether it runs, or has run
     * @param stage the stage that must be cancelled, if there is one
     */
    record Cancelled(
            long ticket,
            long index,
            @Nullable Object task,
            boolean started,
            @Nullable CompletionStage<?> stage) {

        /** Whether no attempt of the task has begun. */
        boolean neverRan() {
            return !started && !(task instanceof QueuedTask job && job.attempts() > 0);
        }
    }
}
