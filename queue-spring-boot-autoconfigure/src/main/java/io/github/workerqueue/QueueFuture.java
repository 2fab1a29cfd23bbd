package io.github.workerqueue;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The future of a task, or one derived from it. A task of the same queue must not wait for it while it is unfinished,
 * and a task of another queue lends its permit meanwhile.
 */
class QueueFuture<R extends @Nullable Object> extends CompletableFuture<R> {

    /** The queue, which a future that stays unfinished must not keep alive. */
    private final WeakReference<QueueEngine> queue;

    QueueFuture(WeakReference<QueueEngine> queue) {
        this.queue = queue;
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        ManagedWait loan = ManagedWait.whileWaiting(queue, this, QueueEngine.FOREVER);
        try {
            return super.get();
        } finally {
            loan.takeBack();
        }
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        ManagedWait loan = ManagedWait.whileWaiting(queue, this, unit.toNanos(timeout));
        try {
            return super.get(timeout, unit);
        } finally {
            loan.takeBack();
        }
    }

    @Override
    public R join() {
        ManagedWait loan = ManagedWait.whileWaiting(queue, this, QueueEngine.FOREVER);
        try {
            return super.join();
        } finally {
            loan.takeBack();
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new QueueFuture<>(queue);
    }
}
