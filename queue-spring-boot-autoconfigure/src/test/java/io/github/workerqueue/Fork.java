package io.github.workerqueue;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Action that runs on a thread of its own during a test. */
final class Fork<T extends @Nullable Object> {

    private final FutureTask<T> future;

    private final Thread thread;

    Fork(ThreadFactory threads, Callable<T> body) {
        this.future = new FutureTask<>(body);
        this.thread = threads.newThread(future);
        thread.start();
    }

    /** Waits for the end of the action. Returns its result, or throws its exception. */
    T get() throws Exception {
        try {
            return future.get(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException ex) {
            if (ex.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw ex;
        }
    }

    boolean isDone() {
        return future.isDone();
    }

    Thread thread() {
        return thread;
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits until the thread of the action is blocked. */
    void awaitBlocked() {
        Fixture.until("the thread waits", () -> isBlocked() || isDone());
        if (isDone()) {
            throw new AssertionError("the thread has ended instead of waiting");
        }
    }

    private boolean isBlocked() {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }
}
