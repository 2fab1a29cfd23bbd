package io.github.workerqueue;

import io.github.workerqueue.CancelledTasks.Cancelled;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** A queue as an executor service. */
final class QueueExecutorService extends AbstractExecutorService {

    private static final TaskOptions ONCE = TaskOptions.defaults().withRetryPolicy(TaskRetryPolicy.NEVER);

    private final QueueEngine engine;

    /** Which would be garbage, and the queue be closed, if nobody kept more than this view. */
    private final Object handle;

    QueueExecutorService(Object handle, QueueEngine engine) {
        this.handle = handle;
        this.engine = engine;
    }

    QueueEngine engine() {
        return engine;
    }

    @Override
    public void execute(Runnable command) {
        try {
            engine.admission.put(task(command), engine.ring.epoch());
            engine.threads.afterSubmit(engine);
        } catch (InterruptedException ex) {
            engine.interrupts.forget();
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(
                    "The put was interrupted while queue '" + engine.name + "' was full", ex);
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    private RunnableTask task(Runnable command) {
        return command instanceof SubmittedFuture<?> future
                ? new RunnableTask(command, future.source)
                : new RunnableTask(engine.tasks, command);
    }

    /** What is submitted has its layers in the future, which thus gets their failures, and runs once. */
    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> task) {
        return future(task, task);
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable task, T result) {
        return future(Executors.callable(task, result), task);
    }

    private <T extends @Nullable Object> SubmittedFuture<T> future(Callable<T> task, Object source) {
        Objects.requireNonNull(task, "task must not be null; only its result may be null");
        Callable<? extends T> layered = engine.tasks.applyLayers(task, source, ONCE);
        TaskExecution surroundings = engine.tasks.execution(source, ONCE);
        if (surroundings == null) {
            return new SubmittedFuture<>(engine.reference, NamedTask.keepingName(layered, source), null, source);
        }
        InterceptedCall<T> surrounded = new InterceptedCall<>(layered, surroundings);
        SubmittedFuture<T> future =
                new SubmittedFuture<>(engine.reference, NamedTask.keepingName(surrounded, source), surrounded, source);
        surrounded.setFuture(future);
        return future;
    }

    @Override
    public void shutdown() {
        StackGuard.check();
        engine.shutdown.begin();
    }

    @Override
    public List<Runnable> shutdownNow() {
        StackGuard.check();
        engine.shutdown.begin();
        CancelledTasks cancelled = engine.shutdown.closeNow();
        List<Runnable> neverStarted = cancelled.inOrder().stream()
                .filter(Cancelled::neverRan)
                .map(task -> byHand(Objects.requireNonNull(task.task())))
                .toList();
        Callbacks.start(engine, cancelled.callbacksOfReturned()).await(Timeout.of(Callbacks.PATIENCE_NANOS));
        engine.shutdown.finishReport();
        return new ArrayList<>(neverStarted);
    }

    private static Runnable byHand(Object task) {
        return task instanceof QueuedTask job ? job.returned() : new ReturnedTask((Callable<?>) task);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        return invokeAll(tasks, QueueEngine.FOREVER);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) throws InterruptedException {
        return invokeAll(tasks, unit.toNanos(timeout));
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, QueueEngine.FOREVER);
        } catch (TimeoutException ex) {
            throw new AssertionError("An invocation without a timeout cannot time out", ex);
        }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return invokeAny(tasks, unit.toNanos(timeout));
    }

    private <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long nanos)
            throws InterruptedException {
        try {
            StackGuard.check();
            Producer.refuseInside(engine, "invokeAll()");
            return new BulkInvocation(engine, nanos).all(futures(tasks));
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    private <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            StackGuard.check();
            Producer.refuseInside(engine, "invokeAny()");
            return new BulkInvocation(engine, nanos).any(futures(tasks));
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    private <T extends @Nullable Object> List<SubmittedFuture<T>> futures(Collection<? extends Callable<T>> tasks) {
        List<SubmittedFuture<T>> futures = new ArrayList<>();
        for (Callable<T> task : tasks) {
            futures.add(future(task, task));
        }
        return futures;
    }

    @Override
    public boolean isShutdown() {
        return engine.shutdown.isBegun();
    }

    @Override
    public boolean isTerminated() {
        return engine.shutdown.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            StackGuard.check();
            Producer.refuseInside(engine, "awaitTermination()");
            return engine.shutdown.awaitTermination(unit.toNanos(timeout));
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    /** Closes the queue, as the close that {@link java.util.concurrent.ExecutorService} has since Java 19. */
    @SuppressWarnings("MissingOverride")
    public void close() {
        try {
            engine.shutdown.close(QueueEngine.FOREVER);
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    /** What was given to execute; if it is a future, it is cancelled with the queue. */
    static final class RunnableTask extends QueuedTask {

        private final Runnable command;

        private final Callable<?> layered;

        /**
         * Has the outcome: what ran last of the futures that submit returned, perhaps within the command, else the
         * command.
         */
        private Runnable outcome;

        /** A command that has its layers in it. */
        RunnableTask(Runnable command, @Nullable Object source) {
            super(source, null);
            this.command = command;
            this.outcome = command;
            this.layered = Executors.callable(command);
        }

        RunnableTask(TaskFactory layers, Runnable command) {
            super(
                    Objects.requireNonNull(command, "task must not be null"),
                    layers.execution(command, TaskOptions.defaults()));
            this.command = command;
            this.outcome = command;
            this.layered = layers.applyLayers(Executors.callable(command), command, TaskOptions.defaults());
        }

        /** The task within a future that is around it, as long as that is known. */
        @Override
        @Nullable
        Object source() {
            Object inner = outcome instanceof SubmittedFuture<?> future ? future.source : null;
            return inner == null ? super.source() : inner;
        }

        @Override
        @Nullable
        Object run() throws Exception {
            return layered.call();
        }

        @Override
        TaskDisposition settle(
                WorkerSlot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
            if (cancelled || isCancelled()) {
                TaskDisposition ending = slot.outcomes.count(TaskDisposition.CANCELLED);
                completeCancelled();
                return ending;
            }
            if (failure != null) {
                return slot.outcomes.fail(failure);
            }
            FutureOutcome ended = FutureOutcome.of(outcome);
            UnfinishedStageWarning.check(slot, ended.value());
            return ended.failure() == null
                    ? slot.outcomes.count(TaskDisposition.COMPLETED)
                    : slot.outcomes.recordFailure(ended.failure());
        }

        @Override
        void completeCancelled() {
            if (command instanceof Future<?> future) {
                try {
                    future.cancel(false);
                } catch (Throwable ex) {
                    QueueLog.log(Level.DEBUG, "A future could not be cancelled", ex);
                }
            }
        }

        @Override
        Runnable returned() {
            return command;
        }

        @Override
        boolean isCancelled() {
            try {
                return command instanceof Future<?> future && future.isCancelled();
            } catch (Throwable ex) { // of a future of the user
                return false;
            }
        }
    }

    /** What submit returns. A task of the queue must not wait for it while it is unfinished. */
    static final class SubmittedFuture<T extends @Nullable Object> extends FutureTask<T> {

        /** The queue, which a future that stays unfinished must not keep alive. */
        private final WeakReference<QueueEngine> queue;

        /** Null once it is done, as the source: who keeps the future keeps no more than its outcome. */
        private @Nullable InterceptedCall<?> surrounded;

        /** What names the task. */
        @Nullable
        Object source;

        @SuppressWarnings("unchecked") // it only returns
        SubmittedFuture(
                WeakReference<QueueEngine> queue,
                Callable<? extends T> task,
                @Nullable InterceptedCall<?> surrounded,
                Object source) {
            super((Callable<T>) task);
            this.queue = queue;
            this.surrounded = surrounded;
            this.source = source;
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            ManagedWait loan = ManagedWait.whileWaiting(queue, this, QueueEngine.FOREVER);
            try {
                return super.get();
            } finally {
                loan.takeBack();
            }
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            ManagedWait loan = ManagedWait.whileWaiting(queue, this, unit.toNanos(timeout));
            try {
                return super.get(timeout, unit);
            } finally {
                loan.takeBack();
            }
        }

        /** Tells the task in which it runs, whose command may be another future around this one. */
        @Override
        public void run() {
            WorkerSlot slot = WorkerSlot.current();
            if (slot != null && slot.engine.reference == queue && slot.task() instanceof RunnableTask task) {
                task.outcome = this;
            }
            super.run();
        }

        @Override
        protected void done() {
            InterceptedCall<?> call = surrounded;
            surrounded = null;
            source = null;
            if (call != null && isCancelled()) {
                call.cancel();
            }
        }
    }
}
