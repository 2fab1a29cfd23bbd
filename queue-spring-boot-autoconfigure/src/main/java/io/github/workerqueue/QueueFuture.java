package io.github.workerqueue;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Future of a task, or one derived from it. While it is unfinished, a task of the same queue must not wait for it. A
 * task of another queue lends its permit during the wait.
 */
class QueueFuture<R extends @Nullable Object> extends CompletableFuture<R> {

    /** Wait for the queue, which an unfinished future must not retain. */
    private final WeakReference<ManagedWait> queue;

    QueueFuture(WeakReference<ManagedWait> queue) {
        this.queue = queue;
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        ManagedWait.Loan loan = ManagedWait.begin(queue, this, Durations.FOREVER);
        try {
            return super.get();
        } finally {
            loan.close();
        }
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        ManagedWait.Loan loan = ManagedWait.begin(queue, this, unit.toNanos(timeout));
        try {
            return super.get(timeout, unit);
        } finally {
            loan.close();
        }
    }

    @Override
    public R join() {
        ManagedWait.Loan loan = ManagedWait.begin(queue, this, Durations.FOREVER);
        try {
            return super.join();
        } finally {
            loan.close();
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new QueueFuture<>(queue);
    }
}
