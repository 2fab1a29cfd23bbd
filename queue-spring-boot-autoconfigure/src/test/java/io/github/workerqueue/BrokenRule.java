package io.github.workerqueue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Entry of {@code broken-rules.txt}: a rule, the test of it, and a replacement in a source file that breaks the rule.
 *
 * @param rule the name of the rule
 * @param test the class and the method of the test, relative to the package of the core
 * @param file the source file, relative to the directory of that package
 * @param original the text to replace
 * @param broken the text in its place
 * @param message a fragment of the message of the failed test, or an empty string for any message
 */
record BrokenRule(String rule, String test, String file, String original, String broken, String message) {

    private static final Path LIST = Path.of("src/test/resources/broken-rules.txt");

    private static final Path SOURCES = Path.of("src/main/java/io/github/workerqueue");

    private static final Set<String> REQUIRED = Set.of("rule", "test", "file", "original", "broken");

    static List<BrokenRule> readAll() throws IOException {
        String entries = Files.readString(LIST).replaceAll("(?m)^#.*\n", "");
        return Arrays.stream(entries.strip().split("\n\n+")).map(BrokenRule::of).toList();
    }

    private static BrokenRule of(String entry) {
        Map<String, String> fields = entry.lines()
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1].strip()));
        String message = fields.remove("message");
        if (!fields.keySet().equals(REQUIRED)) {
            throw new IllegalArgumentException(
                    "An entry must have " + REQUIRED + " and may have message, but was\n" + entry);
        }
        return new BrokenRule(
                fields.getOrDefault("rule", ""),
                fields.getOrDefault("test", ""),
                fields.getOrDefault("file", ""),
                fields.getOrDefault("original", ""),
                fields.getOrDefault("broken", ""),
                message == null ? "" : message);
    }

    Path source() {
        return SOURCES.resolve(file);
    }

    String brokenSource() throws IOException {
        return Files.readString(source()).replace(original, broken);
    }

    static Method method(String test) throws ClassNotFoundException {
        int dot = test.lastIndexOf('.');
        Class<?> type = Class.forName(BrokenRule.class.getPackageName() + "." + test.substring(0, dot));
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(test.substring(dot + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Test " + test + " does not exist"));
    }
}
