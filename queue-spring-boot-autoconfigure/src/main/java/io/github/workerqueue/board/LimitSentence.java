package io.github.workerqueue.board;

import io.github.workerqueue.QueueLimit;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.QueueSnapshot.State;
import io.github.workerqueue.board.BoardDescriptor.LimitDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sentence that names a limit of a queue.
 *
 * @param kind the kind of the limit
 * @param text the sentence
 */
record LimitSentence(Kind kind, String text) {

    /** Kinds of limits, in the order in which a queue shows them. */
    enum Kind {
        CLOSING,
        PAUSED,
        HOLD,
        STALLED,
        RATE,
        PERMITS,
        WORKERS,
        PRODUCER,
        STARTING,
        NONE
    }

    private static final LimitSentence NONE = new LimitSentence(Kind.NONE, "No queue is open");

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Returns the first limit in the order of the kinds; the kind {@link Kind#NONE} if there is no queue. */
    static LimitDescriptor firstOf(List<LimitDescriptor> limits) {
        LimitDescriptor first = NONE.describe(null);
        for (LimitDescriptor limit : limits) {
            if (kindOf(limit).compareTo(kindOf(first)) < 0) {
                first = limit;
            }
        }
        return new LimitDescriptor(first.kind(), first.text(), null);
    }

    private static Kind kindOf(LimitDescriptor limit) {
        return Kind.valueOf(limit.kind().toUpperCase(Locale.ROOT));
    }

    /** Returns the limit of a queue. The cause is the description of its stall; null if it has not stalled. */
    static LimitDescriptor of(QueueSnapshot figures, List<QueueLimit> limits, @Nullable String cause) {
        if (figures.state() == State.CLOSED) {
            return NONE.describe(null);
        }
        boolean closing = figures.state() == State.CLOSING;
        List<LimitSentence> sentences = new ArrayList<>();
        if (closing) {
            sentences.add(closing(figures.depth() + figures.active()));
        }
        if (cause != null) {
            sentences.add(new LimitSentence(Kind.STALLED, "Stuck: " + cause));
        }
        for (QueueLimit limit : limits) {
            if (!closing || !(limit instanceof QueueLimit.Producer)) {
                sentences.add(of(limit));
            }
        }
        if (sentences.isEmpty()) {
            return new LimitSentence(Kind.STARTING, "Waiting tasks are about to start").describe(null);
        }
        sentences.sort((left, right) -> left.kind.compareTo(right.kind));
        List<String> also = sentences.stream().skip(1).map(LimitSentence::text).toList();
        return sentences.get(0).describe(also.isEmpty() ? null : also);
    }

    private LimitDescriptor describe(@Nullable List<String> also) {
        return new LimitDescriptor(kind.name().toLowerCase(Locale.ROOT), text, also);
    }

    private static LimitSentence closing(int left) {
        return new LimitSentence(
                Kind.CLOSING,
                left == 1
                        ? "Closing: 1 accepted task is left"
                        : String.format(Locale.ROOT, "Closing: %,d accepted tasks are left", left));
    }

    private static LimitSentence of(QueueLimit limit) {
        if (limit instanceof QueueLimit.Paused) {
            return new LimitSentence(Kind.PAUSED, "Paused");
        }
        if (limit instanceof QueueLimit.Hold hold) {
            return new LimitSentence(
                    Kind.HOLD, "The server asked for a pause: next start in " + rounded(hold.remaining()));
        }
        if (limit instanceof QueueLimit.Rate rate) {
            return new LimitSentence(
                    Kind.RATE,
                    String.format(
                            Locale.ROOT,
                            "Rate limit %,d per %s: next start in %s",
                            rate.limit().permits(),
                            exact(rate.limit().per()),
                            rounded(rate.remaining())));
        }
        if (limit instanceof QueueLimit.Permits permits) {
            return new LimitSentence(Kind.PERMITS, permits(permits.total(), permits.heldElsewhere()));
        }
        if (limit instanceof QueueLimit.Workers workers) {
            return new LimitSentence(
                    Kind.WORKERS,
                    workers.workers() == 1
                            ? "The only worker is busy"
                            : String.format(Locale.ROOT, "All %,d workers are busy", workers.workers()));
        }
        if (limit instanceof QueueLimit.Producer) {
            return new LimitSentence(Kind.PRODUCER, "Waiting for the producer");
        }
        throw new IllegalArgumentException("unknown limit " + limit);
    }

    private static String permits(int total, int heldElsewhere) {
        String permits = total == 1 ? "the only permit" : String.format(Locale.ROOT, "%,d permits", total);
        if (heldElsewhere == 0) {
            return "This queue holds " + (total == 1 ? permits : "all " + permits);
        }
        return total == 1
                ? "Another queue holds " + permits
                : String.format(Locale.ROOT, "Other queues hold %,d of the %s", heldElsewhere, permits);
    }

    /** Returns the text of a configured duration: 500 ms, 1 s, 2 min, 1 h, 90 s. */
    private static String exact(Duration duration) {
        long nanos = duration.toNanos();
        long[] units = {86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L};
        String[] names = {"d", "h", "min", "s", "ms", "us"};
        for (int i = 0; i < units.length; i++) {
            if (nanos % units[i] == 0) {
                return String.format(Locale.ROOT, "%,d %s", nanos / units[i], names[i]);
            }
        }
        return String.format(Locale.ROOT, "%,d ns", nanos);
    }

    /** Returns the text of a measured duration: 350 ms, 3.2 s, 12 s, 2 min 5 s. */
    private static String rounded(Duration duration) {
        if (duration.compareTo(SECOND) < 0) {
            return Math.max(0, duration.toMillis()) + " ms";
        }
        double seconds = duration.toMillis() / 1_000.0;
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return String.format(Locale.ROOT, "%,d min", whole / 60) + (whole % 60 == 0 ? "" : " " + whole % 60 + " s");
    }
}
