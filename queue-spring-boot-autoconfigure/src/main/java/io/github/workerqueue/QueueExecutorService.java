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

/** Executor view of a queue. */
final class QueueExecutorService extends AbstractExecutorService {

    private static final TaskOptions ONCE = TaskOptions.defaults().withRetryPolicy(TaskRetryPolicy.NEVER);

    private final QueueEngine engine;

    private final QueueContext context;

    private final ManagedWait wait;

    private final Shutdown shutdown;

    /** Handle of the queue, kept reachable by this view. */
    private final Object handle;

    QueueExecutorService(Object handle, QueueEngine engine) {
        this.handle = handle;
        this.engine = engine;
        this.context = engine.context;
        this.wait = engine.wait;
        this.shutdown = engine.shutdown;
    }

    QueueEngine engine() {
        return engine;
    }

    @Override
    public void execute(Runnable command) {
        try {
            engine.admission.put(task(command), engine.ring.epoch());
            context.threads.afterSubmit();
        } catch (InterruptedException ex) {
            wait.interrupts.forget();
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(
                    "The put was interrupted while queue '" + context.name + "' was full", ex);
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    private RunnableTask task(Runnable command) {
        return command instanceof SubmittedFuture<?> future
                ? new RunnableTask(command, future.source)
                : new RunnableTask(engine.tasks, command);
    }

    /** Returns a future, without retries, that contains the timeout of the task and so receives its failure. */
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
        Callable<? extends T> body = engine.tasks.withTimeout(task, source, ONCE);
        TaskExecution execution = engine.tasks.execution(source, ONCE);
        if (execution == null) {
            return new SubmittedFuture<>(wait.reference, NamedTask.keepingName(body, source), null, source);
        }
        TaskExecution.SingleCall<T> intercepted = new TaskExecution.SingleCall<>(body, execution);
        SubmittedFuture<T> future =
                new SubmittedFuture<>(wait.reference, NamedTask.keepingName(intercepted, source), intercepted, source);
        intercepted.setFuture(future);
        return future;
    }

    @Override
    public void shutdown() {
        StackGuard.check();
        shutdown.begin();
    }

    @Override
    public List<Runnable> shutdownNow() {
        StackGuard.check();
        shutdown.begin();
        CancelledTasks cancelled = shutdown.closeNow();
        List<Runnable> neverStarted = cancelled.inOrder().stream()
                .filter(Cancelled::neverRan)
                .map(task -> QueuedTask.toReturnedTask(Objects.requireNonNull(task.task())))
                .toList();
        Callbacks.start(context, cancelled.callbacksOfReturned()).await(Timeout.of(Callbacks.PATIENCE_NANOS));
        shutdown.finishReport();
        return new ArrayList<>(neverStarted);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        return invokeAll(tasks, Durations.FOREVER);
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
            return invokeAny(tasks, Durations.FOREVER);
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
            wait.refuseInside("invokeAll()");
            return new BulkInvocation(engine, nanos).all(futures(tasks));
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    private <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            StackGuard.check();
            wait.refuseInside("invokeAny()");
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
        return shutdown.isBegun();
    }

    @Override
    public boolean isTerminated() {
        return shutdown.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            StackGuard.check();
            wait.refuseInside("awaitTermination()");
            return shutdown.awaitTermination(unit.toNanos(timeout));
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    /** Closes the queue, like the method that {@link java.util.concurrent.ExecutorService} has since Java 19. */
    @SuppressWarnings("MissingOverride")
    public void close() {
        try {
            shutdown.close(Durations.FOREVER);
        } finally {
            Reference.reachabilityFence(handle);
        }
    }

    /** Task of a command given to execute. A command that is a future is cancelled with the queue. */
    static final class RunnableTask extends QueuedTask {

        private final Runnable command;

        private final Callable<?> body;

        /**
         * Source of the outcome: the last future of submit that ran, which may be inside the command, or else the
         * command.
         */
        private Runnable outcome;

        /** Result of the future, read once after the task has run; null if there is none, or it cannot be read. */
        private @Nullable Object value;

        /** Exception of the future, read in the same way. */
        private @Nullable Throwable failure;

        /** Creates the task of a command that contains its timeout. */
        RunnableTask(Runnable command, @Nullable Object source) {
            super(source, null);
            this.command = command;
            this.outcome = command;
            this.body = Executors.callable(command);
        }

        RunnableTask(TaskFactory tasks, Runnable command) {
            super(
                    Objects.requireNonNull(command, "task must not be null"),
                    tasks.execution(command, TaskOptions.defaults()));
            this.command = command;
            this.outcome = command;
            this.body = tasks.withTimeout(Executors.callable(command), command, TaskOptions.defaults());
        }

        /** Returns the task inside the future of submit, while this future is known, or else the command. */
        @Override
        @Nullable
        Object source() {
            Object inner = outcome instanceof SubmittedFuture<?> future ? future.source : null;
            return inner == null ? super.source() : inner;
        }

        @Override
        @Nullable
        Object run() throws Exception {
            return body.call();
        }

        @Override
        boolean isCollected() {
            return false;
        }

        @Override
        boolean finish() {
            readOutcome();
            return !isCancelled();
        }

        /** Reads the outcome of a future, which throws no exception itself. May run user code. */
        private void readOutcome() {
            try {
                if (outcome instanceof Future<?> future && future.isDone()) {
                    value = future.get(0, TimeUnit.NANOSECONDS);
                }
            } catch (ExecutionException ex) {
                failure = Objects.requireNonNullElse(ex.getCause(), ex);
            } catch (Throwable ex) {
                // the future is cancelled, or its methods fail
            }
        }

        @Override
        @Nullable
        Object value(@Nullable Object result) {
            return value;
        }

        @Override
        @Nullable
        Throwable ownFailure() {
            return failure;
        }

        @Override
        void completeCancelled(@Nullable Object result) {
            if (command instanceof Future<?> future) {
                try {
                    future.cancel(false);
                } catch (Throwable ex) {
                    QueueLog.log(Level.DEBUG, "A future could not be cancelled", ex);
                }
            }
        }

        @Override
        Runnable toReturnedTask() {
            return command;
        }

        @Override
        boolean isCancelled() {
            try {
                return command instanceof Future<?> future && future.isCancelled();
            } catch (Throwable ex) { // thrown by a future of the user
                return false;
            }
        }
    }

    /** Future that submit returns. While it is unfinished, a task of the same queue must not wait for it. */
    static final class SubmittedFuture<T extends @Nullable Object> extends FutureTask<T> {

        /** Wait for the queue, which an unfinished future must not retain. */
        private final WeakReference<ManagedWait> queue;

        /** Call with interceptors; null once it is done, as is the source: a done future retains its outcome only. */
        private TaskExecution.@Nullable SingleCall<?> intercepted;

        /** Object that names the task; null once the future is done. */
        @Nullable
        Object source;

        @SuppressWarnings("unchecked") // the callable only returns values
        SubmittedFuture(
                WeakReference<ManagedWait> queue,
                Callable<? extends T> task,
                TaskExecution.@Nullable SingleCall<?> intercepted,
                Object source) {
            super((Callable<T>) task);
            this.queue = queue;
            this.intercepted = intercepted;
            this.source = source;
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            ManagedWait.Loan loan = ManagedWait.begin(queue, this, Durations.FOREVER);
            try {
                return super.get();
            } finally {
                loan.close();
            }
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            ManagedWait.Loan loan = ManagedWait.begin(queue, this, unit.toNanos(timeout));
            try {
                return super.get(timeout, unit);
            } finally {
                loan.close();
            }
        }

        /** Registers this future with its task, whose command may be another future around this one, and runs it. */
        @Override
        public void run() {
            CurrentTask current = CurrentTask.ofThread();
            ManagedWait wait = queue.get();
            if (current != null
                    && wait != null
                    && wait.isFor(current.context)
                    && current.task() instanceof RunnableTask task) {
                task.outcome = this;
            }
            super.run();
        }

        @Override
        protected void done() {
            TaskExecution.SingleCall<?> call = intercepted;
            intercepted = null;
            source = null;
            if (call != null && isCancelled()) {
                call.cancel();
            }
        }
    }
}
