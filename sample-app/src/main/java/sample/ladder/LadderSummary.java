package sample.ladder;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What the ladder job did.
 *
 * @param elapsed from the first put of a summoner to the end of the join
 * @param latency of one call, on average
 */
record LadderSummary(
        String rankedQueue,
        int leagues,
        int entries,
        int puuids,
        Map<String, Integer> failures,
        double toleratedFailures,
        Duration elapsed,
        Duration latency,
        int workers)
        implements Summary {

    /** A failing summoner is missing in the table; a failing league would take hundreds with it, so none may fail. */
    @Override
    public boolean complete() {
        return leagues == 2 && entries > 0 && puuids + failed() == entries && failed() <= toleratedFailures * entries;
    }

    int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    Duration oneByOne() {
        return latency.multipliedBy(entries);
    }

    Duration ideal() {
        return latency.multipliedBy((entries + workers - 1) / workers);
    }

    double ratio() {
        return (double) elapsed.toNanos() / ideal().toNanos();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                """
                Ladder %s: %s
                  leagues     %,9d   of 2
                  entries     %,9d
                  puuids      %,9d   stored in ladder order
                  failures    %,9d   %s
                  elapsed     %9.3f s
                  one by one  %9.3f s  %,d calls of %.1f ms
                  ideal       %9.3f s  with %d workers%s""",
                rankedQueue,
                complete() ? "complete" : "INCOMPLETE",
                leagues,
                entries,
                puuids,
                failed(),
                failures,
                seconds(elapsed),
                seconds(oneByOne()),
                entries,
                seconds(latency) * 1000,
                seconds(ideal()),
                workers,
                complete() ? String.format(Locale.ROOT, "; elapsed is %.2f times that", ratio()) : "");
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
