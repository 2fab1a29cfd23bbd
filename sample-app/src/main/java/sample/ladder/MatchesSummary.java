package sample.ladder;

import java.util.Locale;
import java.util.Map;

/** What the matches job did. */
record MatchesSummary(int matches, double toleratedFailures, Round consumed, Round collected) implements Summary {

    /**
     * What came of fetching all matches once.
     *
     * @param results durations in the table, or matches in the list that was joined
     * @param keptAlive bytes of heap in use after the join and a full collection, more than before
     */
    record Round(int results, Map<String, Integer> failures, long keptAlive) {

        int failed() {
            return failures.values().stream().mapToInt(Integer::intValue).sum();
        }

        private boolean complete(int matches, double toleratedFailures) {
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
                  consumed    %,9d   durations stored, %,d failures %s, %.1f MB of heap kept alive
                  collected   %,9d   matches joined, %,d failures %s, %.1f MB of heap kept alive""",
                matches,
                complete() ? "complete" : "INCOMPLETE",
                consumed.results(),
                consumed.failed(),
                consumed.failures(),
                consumed.keptAlive() / 1e6,
                collected.results(),
                collected.failed(),
                collected.failures(),
                collected.keptAlive() / 1e6);
    }
}
