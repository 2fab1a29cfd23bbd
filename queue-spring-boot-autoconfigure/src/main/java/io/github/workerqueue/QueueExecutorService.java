package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** A queue as an executor service. */
final class QueueExecutorService extends AbstractExecutorService {

    private final Engine engine;

    QueueExecutorService(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void execute(Runnable command) {
        try {
            engine.entrance.put(task(command), engine.ring.epoch());
        } catch (InterruptedException ex) {
            engine.interrupted.forget();
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("Interrupted while queue '" + engine.name + "' was full", ex);
        }
    }

    private RunnableTask task(Runnable command) {
        return engine.layers.isEmpty() || command instanceof SubmittedFuture
                ? new RunnableTask(command)
                : new LayeredTask(engine, command);
    }

    /** What is submitted has the layers in its future, which thus gets their failures. */
    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> task) {
        return new SubmittedFuture<>(engine.layers.around(task));
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable task, T result) {
        return newTaskFor(Executors.callable(task, result));
    }

    @Override
    public void shutdown() {
        engine.closing.begin();
    }

    @Override
    public List<Runnable> shutdownNow() {
        engine.closing.begin();
        List<Runnable> neverStarted = new ArrayList<>();
        engine.cancellation.cancel(engine.overflow::accepted, (ticket, task) -> {
            if (task instanceof RunnableTask runnable) {
                engine.dropped(ticket);
                neverStarted.add(runnable.command);
            } else {
                engine.drop(ticket, task);
                neverStarted.add(new FutureTask<>((Callable<?>) task));
            }
        });
        return neverStarted;
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
    private static class RunnableTask extends Job {

        private final Runnable command;

        RunnableTask(Runnable command) {
            this.command = Objects.requireNonNull(command, "command");
        }

        @Override
        public @Nullable Object call() throws Exception {
            command.run();
            return null;
        }

        @Override
        Outcome settle(Slot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
            if (cancelled) {
                drop();
                return slot.count(Outcome.CANCELLED);
            }
            return failure == null ? slot.count(Outcome.SUCCESS) : slot.fail(failure);
        }

        @Override
        void drop() {
            if (command instanceof Future<?> future) {
                try {
                    future.cancel(false);
                } catch (Throwable ex) {
                    SafeLogger.log(Level.DEBUG, "A future could not be cancelled", ex);
                }
            }
        }

        @Override
        Object source() {
            return command;
        }
    }

    /** The same, within layers. */
    private static final class LayeredTask extends RunnableTask {

        private final Callable<?> layered;

        LayeredTask(Engine engine, Runnable command) {
            super(command);
            this.layered = engine.layers.around(new NamedTask(Executors.callable(command), command));
        }

        @Override
        public @Nullable Object call() throws Exception {
            return layered.call();
        }
    }

    private static final class SubmittedFuture<T extends @Nullable Object> extends FutureTask<T> {

        @SuppressWarnings("unchecked") // it only returns
        SubmittedFuture(Callable<? extends T> task) {
            super((Callable<T>) task);
        }
    }
}
