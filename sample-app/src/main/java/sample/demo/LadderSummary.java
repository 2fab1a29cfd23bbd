package sample.demo;

import io.github.workerqueue.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sample.ladder.LadderUpdate;

/**
 * Summary of the ladder job.
 *
 * @param calls number of attempts, retries included
 * @param elapsed time from the first put to the end of the transaction
 * @param blocked time for which the producer was blocked by a full queue
 * @param latency mean response time of the API, zero if unknown
 */
record LadderSummary(
        String rankedQueue,
        LadderUpdate update,
        Map<String, Integer> failures,
        double toleratedFailures,
        long calls,
        long retries,
        Duration elapsed,
        Duration blocked,
        Duration latency,
        int workers,
        List<RateLimit> rateLimits)
        implements Summary {

    /** Returns true if both leagues were read, and each summoner is stored or one of a tolerated number of failures. */
    @Override
    public boolean complete() {
        return update.leagues() == 2
                && update.entries() > 0
                && update.puuids() + failed() == update.entries()
                && failed() <= toleratedFailures * update.entries();
    }

    int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns the time of the same calls without concurrency. */
    Duration oneByOne() {
        return latency.multipliedBy(calls);
    }

    /** Returns the minimum time that the workers and the rate limits allow for these calls. */
    Duration ideal() {
        Duration ideal = latency.multipliedBy((calls + workers - 1) / workers);
        for (RateLimit limit : rateLimits) {
            Duration starts = limit.per().multipliedBy(Math.max(0, calls - 1) / limit.permits());
            Duration limited = starts.plus(latency);
            ideal = ideal.compareTo(limited) < 0 ? limited : ideal;
        }
        return ideal;
    }

    double ratio() {
        return (double) elapsed.toNanos() / ideal().toNanos();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(600);
        text.append("Ladder ").append(rankedQueue).append(complete() ? ": complete" : ": INCOMPLETE");
        line(text, "leagues", Text.number(update.leagues()), "of 2");
        line(text, "entries", Text.number(update.entries()), "");
        line(text, "puuids", Text.number(update.puuids()), "stored in ladder order");
        line(text, "failures", Text.number(failed()), failures.isEmpty() ? "" : failures.toString());
        line(text, "calls", Text.number(calls), Text.number(retries) + " of them retries");
        line(text, "elapsed", Text.duration(elapsed), "producer blocked for " + Text.duration(blocked));
        if (complete() && !latency.isZero()) {
            line(text, "one by one", Text.duration(oneByOne()), "at " + latency.toMillis() + " ms per call");
            line(text, "ideal", Text.duration(ideal()), limits());
        }
        return text.toString();
    }

    private String limits() {
        return String.format(
                Locale.ROOT,
                "with %d workers%s%s; elapsed is %.2f times that",
                workers,
                rateLimits.isEmpty() ? "" : " and ",
                Text.rateLimits(rateLimits),
                ratio());
    }

    private static void line(StringBuilder text, String name, String value, String remark) {
        text.append(String.format(Locale.ROOT, "%n  %-11s%8s   %s", name, value, remark)
                .stripTrailing());
    }
}
