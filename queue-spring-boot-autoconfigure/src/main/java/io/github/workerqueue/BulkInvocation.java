package io.github.workerqueue;

import io.github.workerqueue.QueueExecutorService.RunnableTask;
import io.github.workerqueue.QueueExecutorService.SubmittedFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Call of {@code invokeAll} or {@code invokeAny}. Its timeout also limits the waits for a free cell. At the end of the
 * call, all unfinished tasks are cancelled.
 */
final class BulkInvocation {

    private final QueueContext context;

    private final PutAdmission admission;

    private final BlockedProducers producers;

    private final ManagedWait wait;

    private final Timeout timeout;

    private final long epoch;

    BulkInvocation(QueueEngine engine, long nanos) {
        this.context = engine.context;
        this.admission = engine.admission;
        this.producers = engine.producers;
        this.wait = engine.wait;
        this.timeout = Timeout.of(nanos);
        this.epoch = engine.ring.epoch();
    }

    /** Runs all tasks, and cancels those that have not ended in time. */
    <T extends @Nullable Object> List<Future<T>> all(List<SubmittedFuture<T>> futures) throws InterruptedException {
        ManagedWait.Loan loan = ManagedWait.lend();
        try {
            boolean inTime = true;
            for (int i = 0; i < futures.size() && inTime; i++) {
                inTime = remaining() > 0 && put(futures.get(i), futures.get(i), () -> false);
            }
            for (int i = 0; i < futures.size() && inTime; i++) {
                inTime = await(futures.get(i));
            }
            return new ArrayList<>(futures);
        } catch (InterruptedException ex) {
            throw wait.interrupts.remember(ex);
        } finally {
            futures.forEach(future -> future.cancel(true));
            loan.close();
        }
    }

    /** Returns the result of the first task that succeeds. After a success, no further task is put. */
    <T extends @Nullable Object> T any(List<SubmittedFuture<T>> futures)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (futures.isEmpty()) {
            throw new IllegalArgumentException("tasks must not be empty");
        }
        BlockingQueue<Future<T>> ended = new LinkedBlockingQueue<>();
        List<Contender<T>> contenders =
                futures.stream().map(future -> new Contender<>(future, ended)).toList();
        ExecutionException last = null;
        ManagedWait.Loan loan = ManagedWait.lend();
        try {
            int put = 0;
            for (int lost = 0; lost < contenders.size(); ) {
                Future<T> first = ended.poll();
                if (first == null && put < contenders.size() && remaining() > 0) {
                    put += put(contenders.get(put), futures.get(put), () -> !ended.isEmpty()) ? 1 : 0;
                    continue;
                }
                if (first == null) {
                    first = next(ended);
                }
                try {
                    return first.get();
                } catch (ExecutionException ex) {
                    last = ex;
                } catch (CancellationException ex) {
                    last = new ExecutionException(ex);
                }
                lost++;
            }
        } catch (InterruptedException ex) {
            throw wait.interrupts.remember(ex);
        } finally {
            contenders.forEach(contender -> contender.cancel(true));
            loan.close();
        }
        throw Objects.requireNonNull(last);
    }

    private <T extends @Nullable Object> Future<T> next(BlockingQueue<Future<T>> ended)
            throws InterruptedException, TimeoutException {
        context.threads.await(context.name, "invokeAny()", () -> !ended.isEmpty(), remaining());
        Future<T> next = ended.poll(remaining(), TimeUnit.NANOSECONDS);
        if (next == null) {
            throw new TimeoutException("Queue '" + context.name + "': invokeAny() timed out before a task succeeded");
        }
        return next;
    }

    private boolean put(Runnable command, SubmittedFuture<?> future, BooleanSupplier obsolete)
            throws InterruptedException {
        return admission.put(new RunnableTask(command, future.source), remaining(), epoch, obsolete);
    }

    private <T extends @Nullable Object> boolean await(Future<T> future) throws InterruptedException {
        try {
            context.threads.await(context.name, "invokeAll()", future::isDone, remaining());
            future.get(remaining(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException ex) {
            return false;
        } catch (ExecutionException | CancellationException ex) {
            // ended in time, if without a result
        }
        return true;
    }

    private long remaining() {
        return timeout.remaining();
    }

    /** Task of invokeAny that adds its future to a queue when it ends, with any outcome. */
    private final class Contender<T extends @Nullable Object> extends FutureTask<@Nullable Void> {

        private final SubmittedFuture<T> future;

        private final BlockingQueue<Future<T>> ended;

        Contender(SubmittedFuture<T> future, BlockingQueue<Future<T>> ended) {
            super(future, null);
            this.future = future;
            this.ended = ended;
        }

        @Override
        protected void done() {
            future.cancel(false);
            ended.add(future);
            if (producers.count() > 0) {
                producers.signalAll(); // a blocked put of this call may no longer be needed
            }
        }
    }
}
