package io.github.workerqueue;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The time limit of the rounds of one queue. */
final class RoundDeadline {

    /*
     * A flag of the ring says that a round has not begun: it refuses every put, which begins the round, takes the flag away
     * and tries again. So no ticket of a round is handed out before its time runs. All of this happens under the lock of
     * quiescence, as does the end of a round.
     */

    private final QueueContext context;

    private final Ring ring;

    private final Quiescence quiescence;

    private final BiConsumer<RoundAbort, BooleanSupplier> abort;

    private final Duration limit;

    private final long nanos;

    /** What is to happen at the end of the present round's time. Guarded by the lock of quiescence. */
    private QueueTimer.@Nullable Scheduled pending;

    /** How many rounds have begun. Guarded by the lock of quiescence. */
    private long begunRounds;

    /** Creates the deadline, given the action that aborts the round if a condition still holds. */
    RoundDeadline(
            QueueContext context,
            Ring ring,
            Quiescence quiescence,
            Duration limit,
            BiConsumer<RoundAbort, BooleanSupplier> abort) {
        this.context = context;
        this.ring = ring;
        this.quiescence = quiescence;
        this.limit = limit;
        this.nanos = Durations.nanos(limit);
        this.abort = abort;
        ring.set(Ring.ROUND_NOT_BEGUN);
    }

    /** Begins the round, unless it has begun. */
    void begin() {
        quiescence.attempt(() -> {
            if (ring.hasAny(Ring.ROUND_NOT_BEGUN) && !ring.hasAny(Ring.CLOSED)) {
                long round = ++begunRounds;
                pending = context.timer.schedule(() -> handOver(round), nanos);
                ring.clear(Ring.ROUND_NOT_BEGUN);
            }
            return true;
        });
    }

    /** What is cancelled may run code of the user, for which the other queues of the timer are not to wait. */
    private void handOver(long round) {
        try {
            context.threads
                    .starter(() -> expire(round), "queue-deadline-" + context.name)
                    .run();
        } catch (Throwable ex) {
            expire(round);
        }
    }

    private void expire(long round) {
        abort.accept(
                RoundAbort.ofDeadline(context.name, ring.epoch(), limit),
                () -> pending != null && begunRounds == round);
    }

    /** The round is over. Under the lock of quiescence. */
    void cancel() {
        QueueTimer.Scheduled scheduled = pending;
        if (scheduled != null) {
            pending = null;
            scheduled.cancel();
        }
    }
}
