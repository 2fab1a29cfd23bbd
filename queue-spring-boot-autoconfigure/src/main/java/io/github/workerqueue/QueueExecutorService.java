package io.github.workerqueue;

import io.github.workerqueue.Cancellation.Left;
import io.github.workerqueue.QueueListener.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A queue as an executor service. */
final class QueueExecutorService extends AbstractExecutorService {

    private final Engine engine;

    QueueExecutorService(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void execute(Runnable command) {
        try {
            engine.entrance.put(new RunnableTask(command), engine.ring.epoch());
        } catch (InterruptedException ex) {
            engine.interrupted.forget();
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("Interrupted while queue '" + engine.name + "' was full", ex);
        }
    }

    @Override
    public void shutdown() {
        engine.closing.begin();
    }

    @Override
    public List<Runnable> shutdownNow() {
        engine.closing.begin();
        List<Runnable> neverStarted = new ArrayList<>();
        engine.cancellation.closeNow(left -> {
            for (Left one : left) {
                if (!one.started()) {
                    neverStarted.add(byHand(Objects.requireNonNull(one.task())));
                    engine.neverStarted(one.ticket());
                }
            }
        });
        return neverStarted;
    }

    private static Runnable byHand(Object task) {
        return task instanceof Job job ? job.byHand() : new GivenBack((Callable<?>) task);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        return new Invocation(engine, Engine.FOREVER).all(futures(tasks));
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) throws InterruptedException {
        return new Invocation(engine, unit.toNanos(timeout)).all(futures(tasks));
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        try {
            return new Invocation(engine, Engine.FOREVER).any(futures(tasks));
        } catch (TimeoutException ex) {
            throw new AssertionError("An invocation without a time limit cannot time out", ex);
        }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return new Invocation(engine, unit.toNanos(timeout)).any(futures(tasks));
    }

    private <T extends @Nullable Object> List<RunnableFuture<T>> futures(Collection<? extends Callable<T>> tasks) {
        List<RunnableFuture<T>> futures = new ArrayList<>();
        for (Callable<T> task : tasks) {
            futures.add(newTaskFor(Objects.requireNonNull(task, "task")));
        }
        return futures;
    }

    @Override
    public boolean isShutdown() {
        return engine.closing.isBegun();
    }

    @Override
    public boolean isTerminated() {
        return engine.closing.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return engine.closing.awaitTermination(unit.toNanos(timeout));
    }

    /** Closes the queue, as the close that {@link java.util.concurrent.ExecutorService} has since Java 19. */
    @SuppressWarnings("MissingOverride")
    public void close() {
        engine.closing.close(Engine.FOREVER);
    }

    /** What was given to execute; if it is a future, it is cancelled with the queue. */
    static final class RunnableTask extends Job {

        private final Runnable command;

        RunnableTask(Runnable command) {
            this.command = Objects.requireNonNull(command, "command");
        }

        @Override
        public @Nullable Object call() {
            command.run();
            return null;
        }

        @Override
        Outcome settle(Slot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
            if (cancelled || isCancelled()) {
                Outcome outcome = slot.count(Outcome.CANCELLED);
                drop();
                return outcome;
            }
            return failure == null ? slot.count(Outcome.SUCCESS) : slot.fail(failure);
        }

        @Override
        void drop() {
            if (command instanceof Future<?> future) {
                future.cancel(false);
            }
        }

        @Override
        Runnable byHand() {
            return command;
        }

        @Override
        boolean isCancelled() {
            return command instanceof Future<?> future && future.isCancelled();
        }

        @Override
        Object source() {
            return command;
        }
    }
}
