package sample.demo;

import java.util.Locale;
import java.util.Map;

/** Summary of the matches job. */
record MatchesSummary(int matches, double toleratedFailures, Round consumed, Round collected) implements Summary {

    /**
     * Result of fetching all matches once.
     *
     * @param results number of durations in the table, or of joined matches
     * @param retained increase of the heap in use, in bytes, after the join and a full collection
     */
    record Round(int results, Map<String, Integer> failures, long retained) {

        int failed() {
            return failures.values().stream().mapToInt(Integer::intValue).sum();
        }

        boolean complete(int matches, double toleratedFailures) {
            return results + failed() == matches && failed() <= toleratedFailures * matches;
        }
    }

    @Override
    public boolean complete() {
        return consumed.complete(matches, toleratedFailures) && collected.complete(matches, toleratedFailures);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                """
                Matches %,d: %s
                  consumed    %,9d   durations stored, failures: %,d, heap retained: %.1f MB
                  collected   %,9d   matches joined, failures: %,d, heap retained: %.1f MB""",
                matches,
                complete() ? "complete" : "INCOMPLETE",
                consumed.results(),
                consumed.failed(),
                consumed.retained() / 1e6,
                collected.results(),
                collected.failed(),
                collected.retained() / 1e6);
    }
}
