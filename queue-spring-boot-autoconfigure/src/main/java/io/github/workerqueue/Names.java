package io.github.workerqueue;

import java.util.Collection;
import java.util.stream.Collectors;

/** Checks and formats of the names of queues and tasks, which appear in log lines, thread names and meters. */
final class Names {

    static final int MAX_LENGTH = 200;

    private Names() {}

    /** Returns the name of a queue, or throws an exception if it cannot be shown unchanged. */
    static String requireQueueName(String name) {
        if (name.isBlank() || name.length() > MAX_LENGTH || name.chars().anyMatch(Names::isControl)) {
            throw new IllegalArgumentException("The name of a queue must have 1 to " + MAX_LENGTH
                    + " characters, no control characters, and not only blanks, but was '" + printable(name) + "'"
                    + (name.length() > MAX_LENGTH ? ", cut from " + Counts.of(name.length(), "character") : ""));
        }
        return name;
    }

    /** Returns at most 200 characters of a name, with control characters as escapes. */
    static String printable(String name) {
        int length = Math.min(name.length(), MAX_LENGTH);
        for (int i = 0; i < length; i++) {
            if (isControl(name.charAt(i))) {
                return cut(escape(name, length));
            }
        }
        return cut(name);
    }

    /** Returns quoted names, separated by commas, and the number of further names beyond the maximum. */
    static String list(Collection<String> names, int max) {
        String shown = names.stream().limit(max).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return names.size() > max ? shown + " and " + (names.size() - max) + " more" : shown;
    }

    private static String cut(String name) {
        if (name.length() <= MAX_LENGTH) {
            return name;
        }
        boolean splitsPair = Character.isHighSurrogate(name.charAt(MAX_LENGTH - 1));
        return name.substring(0, splitsPair ? MAX_LENGTH - 1 : MAX_LENGTH);
    }

    private static String escape(String name, int length) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < length; i++) {
            char character = name.charAt(i);
            switch (character) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (isControl(character)) {
                        escaped.append("\\u%04x".formatted((int) character));
                    } else {
                        escaped.append(character);
                    }
                }
            }
        }
        return escaped.toString();
    }

    /** Whether a character could end a line, or change the direction of the surrounding text. */
    private static boolean isControl(int character) {
        return switch (Character.getDirectionality(character)) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE -> true;
            default -> Character.isISOControl(character) || character == '\u2028' || character == '\u2029';
        };
    }
}
