package io.github.workerqueue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Managed blocking on one queue. While a task waits for another queue, it lends its permit. If tasks run in the calling
 * thread, a wait runs them. A wait in a task of the queue itself, which could never end, is rejected.
 */
final class ManagedWait {

    /** Wait that blocks the current thread. */
    @FunctionalInterface
    interface Wait<R> {

        @Nullable
        R await(long nanos) throws InterruptedException;
    }

    final RememberedInterrupts interrupts = new RememberedInterrupts();

    /** Reference to this object for futures, which must not retain the queue. */
    final WeakReference<ManagedWait> reference = new WeakReference<>(this);

    private final QueueContext context;

    private final Backlog backlog;

    ManagedWait(QueueContext context, Backlog backlog) {
        this.context = context;
        this.backlog = backlog;
    }

    /** Whether this object belongs to a queue. */
    boolean isFor(QueueContext queue) {
        return context == queue;
    }

    /** Throws an exception if the current thread runs a task of the queue, since the call would wait for that task. */
    void refuseInside(String call) {
        if (Producer.Kind.of(context) == Producer.Kind.OWN) {
            throw new IllegalStateException(call + " was called from a task of queue '" + context.name
                    + "' and would wait for that task forever; call it outside the tasks of the queue, or open another"
                    + " queue in the task");
        }
    }

    /**
     * Waits for the queue. An interrupt of the wait also counts as an interrupt of a later close on the same thread.
     *
     * @param call the name of the call in error messages
     * @param done the condition that ends the wait
     * @param nanos the time limit, whose rest is passed to the wait
     * @param wait the wait itself
     * @return the result of the wait
     */
    <R> @Nullable R run(String call, BooleanSupplier done, long nanos, Wait<R> wait) throws InterruptedException {
        Loan loan = lend();
        try {
            backlog.recover();
            return wait.await(context.threads.await(context.name, call, done, nanos));
        } catch (InterruptedException ex) {
            throw interrupts.remember(ex);
        } finally {
            loan.close();
        }
    }

    /** Begins a wait for a future of a queue. The caller must close the returned loan. */
    static Loan begin(Reference<ManagedWait> queue, Future<?> future, long nanos) {
        ManagedWait wait = future.isDone() ? null : queue.get();
        return wait == null ? Loan.NONE : wait.begin(future, nanos);
    }

    private Loan begin(Future<?> future, long nanos) {
        String call = "get() or join() on an unfinished future";
        StackGuard.check();
        refuseInside(call);
        backlog.recover();
        Loan loan = lend();
        try {
            context.threads.await(context.name, call, future::isDone, nanos);
            return loan;
        } catch (Throwable ex) {
            loan.close();
            throw ex;
        }
    }

    /** Lends the permit of the current task, if it has one. The caller must close the returned loan. */
    static Loan lend() {
        CurrentTask task = CurrentTask.ofThread();
        return task != null && task.lendPermit() ? new Loan(task) : Loan.NONE;
    }

    /** Permit that a task lends during a wait. */
    static final class Loan {

        private static final Loan NONE = new Loan(null);

        private final @Nullable CurrentTask task;

        private Loan(@Nullable CurrentTask task) {
            this.task = task;
        }

        /** Ends the loan: waits, through interrupts, until the task has reacquired its permit. */
        void close() {
            close(Timeout.of(Durations.FOREVER));
        }

        /** Ends the loan within a timeout. After the timeout, the task continues without a permit. */
        void close(Timeout timeout) {
            if (task != null) {
                task.reacquirePermit(timeout);
            }
        }
    }
}
