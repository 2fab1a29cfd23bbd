package io.github.workerqueue;

import java.util.Locale;

/** Text of numbers in messages, with grouped digits: 100,000. */
final class Counts {

    private Counts() {}

    /** Returns the text of a number. */
    static String text(long number) {
        return number >= 0 && number < 1_000 ? Long.toString(number) : String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns the text of a number and its noun, in the plural unless the number is 1. */
    static String of(long number, String noun) {
        return text(number) + " " + noun + (number == 1 ? "" : "s");
    }
}
