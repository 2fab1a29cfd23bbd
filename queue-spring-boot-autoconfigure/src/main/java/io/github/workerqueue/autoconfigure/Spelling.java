package io.github.workerqueue.autoconfigure;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Distances between words, for suggestions after a misspelling. */
final class Spelling {

    /** Maximum distance that counts as a misspelling. */
    static final int MAX_MISSPELT_LETTERS = 2;

    private Spelling() {}

    /** Returns the candidate with the smallest distance, and among those with the longest common prefix, if any. */
    static Optional<String> closest(String word, Collection<String> candidates) {
        return candidates.stream()
                .sorted()
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(candidate -> -commonPrefix(word, candidate)));
    }

    private static int commonPrefix(String left, String right) {
        String one = letters(left);
        String other = letters(right);
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    /** Returns the number of letters to insert, delete or replace, regardless of case, dashes and underscores. */
    static int distance(String left, String right) {
        String one = letters(left);
        String other = letters(right);
        int[] costs = new int[other.length() + 1];
        Arrays.setAll(costs, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(replaced, 1 + Math.min(costs[j], costs[j - 1]));
            }
        }
        return costs[other.length()];
    }

    /** Returns a word in lower case, without dashes and underscores. */
    static String letters(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
