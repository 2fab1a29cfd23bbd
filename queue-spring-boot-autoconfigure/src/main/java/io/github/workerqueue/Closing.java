package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a queue ends: it refuses puts, waits until it is quiet, and refuses its own tasks too. */
final class Closing {

    private static final int NAMES_IN_REPORT = 10;

    private final Engine engine;

    private final Consumer<Engine> closed;

    private final ReentrantLock reporting = new ReentrantLock();

    /** Guarded by the lock. */
    private boolean reported;

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

    boolean isTerminated() {
        return isClosed() && engine.slots.running() == 0;
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
    boolean closeWithin(long nanos) {
        begin();
        boolean interruptedBefore = engine.interrupted.forget();
        boolean restore = false;
        if (!interruptedBefore) {
            try {
                if (awaitClosed(nanos)) {
                    return true;
                }
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

    boolean awaitClosed(long nanos) throws InterruptedException {
        if (engine.rounds.quiescence().attempt(this::finish) == null
                && engine.rounds.quiescence().await(this::finish, nanos) == null) {
            return false;
        }
        report();
        engine.figures.conclude();
        return true;
    }

    /** Waits until nothing waits and nothing runs at some moment. */
    boolean awaitQuiet(long nanos) throws InterruptedException {
        return engine.rounds.quiescence().await(this::quiet, nanos) != null;
    }

    /** Waits until what was interrupted has ended. */
    void awaitEnd() {
        engine.rounds.quiescence().awaitUninterruptibly(this::ended);
    }

    /** Cancels what is left and closes the queue at once. Returns whether anything was left. */
    boolean abort() {
        if (isClosed()) {
            return engine.slots.running() > 0;
        }
        refuse(Ring.CLOSING);
        List<Object> waiting = new ArrayList<>();
        List<Object> running = engine.cancellation.cancel(engine.overflow::closeNow, (ticket, task) -> {
            waiting.add(task);
            engine.drop(ticket, task);
        });
        boolean left = !waiting.isEmpty() || !running.isEmpty();
        if (left) {
            Engine.logger.warn(
                    "Queue '{}' was closed before its tasks had ended: cancelled {} running {} and {} waiting {}",
                    engine.name,
                    running.size(),
                    names(running),
                    waiting.size(),
                    names(waiting));
        }
        report();
        return left;
    }

    private void refuse(long flag) {
        engine.ring.set(flag);
        engine.gate.signalAll();
        engine.quota.resume();
    }

    /** Closes the queue if it is quiet; null while something is left. */
    private @Nullable Boolean finish() {
        if (isClosed()) {
            return ended();
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

    private @Nullable Boolean ended() {
        return engine.slots.running() == 0 ? true : null;
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
                closed.accept(engine);
            }
        } finally {
            reporting.unlock();
        }
    }

    private static String names(List<Object> tasks) {
        String more = tasks.size() > NAMES_IN_REPORT ? ", and " + (tasks.size() - NAMES_IN_REPORT) + " more]" : "]";
        return tasks.stream()
                .limit(NAMES_IN_REPORT)
                .map(NamedTask::nameOf)
                .collect(Collectors.joining(", ", "[", more));
    }
}
