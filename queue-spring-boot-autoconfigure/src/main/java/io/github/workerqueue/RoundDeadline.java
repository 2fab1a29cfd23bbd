package io.github.workerqueue;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Deadline of the rounds of one queue. */
final class RoundDeadline {

    /*
     * Until a round begins, the flag ROUND_NOT_BEGUN of the ring rejects every put. The producer begins the round,
     * which starts the timer and clears the flag, and repeats the put. So no ticket of a round is handed out before
     * its time runs. Rounds begin and end under the lock of quiescence.
     */

    private final QueueContext context;

    private final Ring ring;

    private final Quiescence quiescence;

    private final BiConsumer<RoundAbort, BooleanSupplier> abort;

    private final Duration limit;

    private final long nanos;

    /** Timer of the current round; null while none is running. Guarded by the lock of quiescence. */
    private QueueTimer.@Nullable Scheduled pending;

    /** Number of rounds begun. Guarded by the lock of quiescence. */
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

    /** Expires a round on a thread of its own: a cancel may run code of the user, which must not delay the timer. */
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

    /** Cancels the timer at the end of the round. Call this method under the lock of quiescence. */
    void cancel() {
        QueueTimer.Scheduled scheduled = pending;
        if (scheduled != null) {
            pending = null;
            scheduled.cancel();
        }
    }
}
