package io.github.workerqueue.board;

/** Text of the user, cut to a maximum length. */
final class ShortText {

    private ShortText() {}

    /** Returns a text of at most the given number of characters, which ends with an ellipsis if it was cut. */
    static String of(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = max - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + '…';
    }
}
