package io.github.workerqueue.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the width of source files, of whose comments the formatter wraps Javadoc alone. */
@Timeout(60)
class LineLengthTests {

    private static final int MAX_COLUMNS = 120;

    private static final List<String> MODULES =
            List.of("queue-spring-boot-autoconfigure", "queue-spring-boot-starter", "sample-app");

    @Test
    void javaLinesHaveAtMost120Columns() throws IOException {
        List<String> wide = new ArrayList<>();
        int files = 0;
        for (String module : MODULES) {
            for (Path file : javaFiles(Path.of("..", module, "src"))) {
                files++;
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).length() > MAX_COLUMNS) {
                        wide.add(file + ":" + (i + 1) + " has " + lines.get(i).length() + " columns");
                    }
                }
            }
        }
        assertThat(files).as("source files").isGreaterThan(400);
        assertThat(wide).isEmpty();
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
