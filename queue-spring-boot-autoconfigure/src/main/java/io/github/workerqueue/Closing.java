package io.github.workerqueue;

import io.github.workerqueue.Cancellation.Left;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** How a queue ends: it refuses puts, waits until it is quiet, and refuses its own tasks too. */
final class Closing {

    private final Engine engine;

    private final Consumer<Engine> closed;

    private final ReentrantLock reporting = new ReentrantLock();

    /** Guarded by the lock. */
    private boolean reported;

    /** Kept, for a slot that comes too late for a task runs for a moment. */
    private volatile boolean terminated;

    Closing(Engine engine, Consumer<Engine> closed) {
        this.engine = engine;
        this.closed = closed;
    }

    /** Refuses puts from outside. The last task closes the queue then. */
    void begin() {
        refuse(Ring.CLOSING);
        stopped();
    }

    /** Refuses puts of threads that run no task of the factory. */
    void beginDrain() {
        refuse(Ring.DRAINING);
    }

    boolean isBegun() {
        return engine.ring.has(Ring.CLOSING);
    }

    /** Whether nothing runs, and nothing is left to be handed over. */
    boolean isTerminated() {
        if (!terminated
                && isClosed()
                && engine.overflow.size() == 0
                && engine.isQuiet()
                && !engine.cancellation.isUnderWay()) {
            terminated = true;
        }
        return terminated;
    }

    boolean awaitTermination(long nanos) throws InterruptedException {
        Loan loan = Loan.ofCurrentTask();
        try {
            return engine.rounds.quiescence().await(() -> isTerminated() ? true : null, nanos) != null;
        } finally {
            loan.takeBack();
        }
    }

    boolean isClosed() {
        return engine.ring.has(Ring.CLOSED);
    }

    /** Must be called when nothing may be left to wait for. */
    void stopped() {
        if (engine.ring.has(Ring.CLOSING) && engine.rounds.quiescence().attempt(this::finish) != null) {
            engine.rounds.stopped();
            report();
            engine.figures.conclude();
        }
    }

    /** Closes the queue and waits until it is quiet. Returns false if something was left and was cancelled. */
    boolean close(long nanos) {
        Admission.refuseInside(engine, "close()");
        Loan loan = Loan.ofCurrentTask();
        boolean nothingLeft;
        try {
            nothingLeft = closeWithin(nanos);
        } finally {
            loan.takeBack();
        }
        engine.rounds.throwUntoldFailure();
        return nothingLeft;
    }

    /** As {@link #close}, without a word of what tasks threw. */
    private boolean closeWithin(long nanos) {
        begin();
        boolean interruptedBefore = engine.interrupted.forget();
        boolean restore = false;
        if (!interruptedBefore) {
            try {
                awaitClosed(nanos);
            } catch (InterruptedException ex) {
                restore = true;
            }
        }
        boolean left = abort();
        if (nanos == Engine.FOREVER) {
            awaitEnd();
        }
        if (restore) {
            Thread.currentThread().interrupt();
        }
        return !left;
    }

    private void awaitClosed(long nanos) throws InterruptedException {
        Quiescence quiescence = engine.rounds.quiescence();
        if (quiescence.attempt(this::finish) != null || quiescence.await(this::finish, nanos) != null) {
            report();
        }
    }

    /** Waits until nothing waits and nothing runs at some moment. */
    boolean awaitQuiet(long nanos) throws InterruptedException {
        return engine.rounds.quiescence().await(this::quiet, nanos) != null;
    }

    /** Waits until what was interrupted has ended. */
    void awaitEnd() {
        engine.rounds.quiescence().awaitUninterruptibly(this::isTerminated);
    }

    /** Cancels what is left, hands it over and closes the queue at once. Returns whether anything was left. */
    boolean abort() {
        if (isClosed()) {
            return !isTerminated();
        }
        refuse(Ring.CLOSING);
        List<AbandonedTask> abandoned = new ArrayList<>();
        engine.cancellation.closeNow(left -> {
            left.forEach(one -> abandon(one, abandoned));
            handOver(abandoned);
        });
        report();
        return !abandoned.isEmpty();
    }

    private void abandon(Left left, List<AbandonedTask> abandoned) {
        Job job = left.task() instanceof Job it && !left.started() ? it : null;
        if (job == null || !job.isCancelled()) {
            long index = engine.rounds.index(left.ticket());
            boolean started = left.started() || (job != null && job.attempts() > 0);
            abandoned.add(new AbandonedTask(engine.name, index, NamedTask.nameOf(left.task()), started));
        }
        if (job != null) {
            job.drop();
        }
        if (!left.started()) {
            engine.neverStarted(left.ticket());
        }
    }

    private void handOver(List<AbandonedTask> abandoned) {
        if (abandoned.isEmpty()) {
            return;
        }
        long started = abandoned.stream().filter(AbandonedTask::started).count();
        Engine.logger.warn(
                "Queue '{}' was closed before its tasks had ended: cancelled {} that had started and {} that had not",
                engine.name,
                started,
                abandoned.size() - started);
        for (AbandonedTask task : abandoned) {
            engine.listener.abandoned(engine.name);
            try {
                engine.settings.abandonedTaskHandler().handle(task);
            } catch (Throwable ex) {
                String message = "Queue '{}': the handler of abandoned tasks failed on {}";
                SafeLogger.log(Level.ERROR, message, engine.name, task, ex);
            }
        }
    }

    private void refuse(long flag) {
        engine.ring.set(flag);
        engine.gate.signalAll();
        engine.quota.resume();
    }

    /** Closes the queue if it is quiet; null while something is left. */
    private @Nullable Boolean finish() {
        if (isClosed()) {
            return isTerminated() ? true : null;
        }
        return atRest(end -> engine.overflow.closeAt(end));
    }

    private @Nullable Boolean quiet() {
        return atRest(end -> true);
    }

    private @Nullable Boolean atRest(LongPredicate then) {
        if (!engine.slots.freeze()) {
            return null;
        }
        try {
            long end = engine.rounds.quietAt();
            return (end >= 0 && then.test(end)) ? true : null;
        } finally {
            engine.slots.thaw();
        }
    }

    /** Tells that the queue is closed; who comes second waits until it is told. */
    private void report() {
        reporting.lock();
        try {
            if (!reported) {
                reported = true;
                engine.logLifecycle("joined");
                engine.listener.closed(engine.name, engine.id);
                engine.rounds.closed();
                engine.quota.closed();
                closed.accept(engine);
            }
        } finally {
            reporting.unlock();
        }
    }
}
