package io.github.workerqueue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time limit of the rounds of one queue. */
final class RoundDeadline {

    /*
     * A flag of the ring says that a round has not begun: it refuses every put, which begins the round, takes the flag away
     * and tries again. So no ticket of a round is handed out before its time runs. All of this happens under the lock of
     * quiescence, as does the end of a round.
     */

    private final QueueEngine engine;

    private final Duration limit;

    private final long nanos;

    /** What is to happen at the end of the present round's time. Guarded by the lock of quiescence. */
    private QueueTimer.@Nullable Scheduled pending;

    /** How many rounds have begun. Guarded by the lock of quiescence. */
    private long begunRounds;

    RoundDeadline(QueueEngine engine, Duration limit) {
        this.engine = engine;
        this.limit = limit;
        this.nanos = Durations.nanos(limit);
        engine.ring.set(Ring.ROUND_NOT_BEGUN);
    }

    /** Begins the round, unless it has begun. */
    void begin() {
        engine.round.quiescence().attempt(() -> {
            if (engine.ring.hasAny(Ring.ROUND_NOT_BEGUN) && !engine.ring.hasAny(Ring.CLOSED)) {
                long round = ++begunRounds;
                pending = engine.timer.schedule(() -> handOver(round), nanos);
                engine.ring.clear(Ring.ROUND_NOT_BEGUN);
            }
            return true;
        });
    }

    /** What is cancelled may run code of the user, for which the other queues of the timer are not to wait. */
    private void handOver(long round) {
        try {
            engine.threads
                    .starter(() -> expire(round), "queue-deadline-" + engine.name)
                    .run();
        } catch (Throwable ex) {
            expire(round);
        }
    }

    private void expire(long round) {
        engine.round.abort(RoundAbort.ofDeadline(engine, limit), () -> pending != null && begunRounds == round);
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
