package io.github.workerqueue.autoconfigure;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Executor that puts into the queue of a name.
 *
 * @param queue the name of the queue
 * @param view the supplier of the executor view, called with the first task
 */
record QueueTaskExecutor(String queue, Supplier<ExecutorService> view) implements Executor {

    @Override
    public void execute(Runnable task) {
        AsyncMethod method = AsyncMethod.take();
        view.get().execute(method == null ? task : named(task, method));
    }

    /** Returns a task with a name. A future remains a future, since the queue cancels it and reads its outcome. */
    private static Runnable named(Runnable task, AsyncMethod name) {
        return task instanceof RunnableFuture<?> future ? new NamedFuture<>(future, name) : new Named(task, name);
    }

    @Override
    public String toString() {
        return "Executor of queue '" + queue + "'";
    }

    private record Named(Runnable task, AsyncMethod name) implements Runnable {

        @Override
        public void run() {
            task.run();
        }

        @Override
        public String toString() {
            return name.toString();
        }
    }

    private record NamedFuture<T extends @Nullable Object>(RunnableFuture<T> task, AsyncMethod name)
            implements RunnableFuture<T> {

        @Override
        public void run() {
            task.run();
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return task.cancel(mayInterruptIfRunning);
        }

        @Override
        public boolean isCancelled() {
            return task.isCancelled();
        }

        @Override
        public boolean isDone() {
            return task.isDone();
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            return task.get();
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            return task.get(timeout, unit);
        }

        @Override
        public String toString() {
            return name.toString();
        }
    }
}
