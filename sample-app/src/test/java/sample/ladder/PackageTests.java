package sample.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the source of this package, which is the model to copy. */
@Timeout(10)
class PackageTests {

    private static final Path SOURCES = Path.of("src/main/java/sample/ladder");

    @Test
    void packageDoesNotImportDemo() throws IOException {
        assertThat(lines()).anyMatch(line -> line.startsWith("import io.github.workerqueue."));
        assertThat(lines()).filteredOn(line -> line.startsWith("import ")).noneMatch(line -> line.contains("sample."));
    }

    @Test
    void packageHasAboutHundredLinesOfCode() throws IOException {
        assertThat(lines())
                .filteredOn(line -> !line.matches("|import .*|package .*|/?\\*.*|//.*|public record .*"))
                .hasSizeBetween(80, 130);
    }

    private static List<String> lines() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.sorted().flatMap(PackageTests::lines).toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(String::strip);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
