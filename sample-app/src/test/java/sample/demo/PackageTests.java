package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the dependencies between the packages of the sample. */
@Timeout(10)
class PackageTests {

    private static final Path SOURCES = Path.of("src/main/java/sample");

    @Test
    void embeddedApiDependsOnModelButNotOnDemo() throws IOException {
        List<String> imports = imports("demo/upstream");

        assertThat(imports).contains("sample.ladder.League");
        assertThat(imports)
                .filteredOn(name -> name.startsWith("sample."))
                .allMatch(name -> name.startsWith("sample.ladder."));
        assertThat(imports).noneMatch(name -> name.startsWith("io.github.workerqueue."));
    }

    @Test
    void demoUsesOnlyCoreOfQueue() throws IOException {
        assertThat(imports("demo"))
                .filteredOn(name -> name.startsWith("io.github.workerqueue."))
                .isNotEmpty()
                .allMatch(name -> name.matches("io\\.github\\.workerqueue\\.[A-Z].*"));
    }

    private static List<String> imports(String folder) throws IOException {
        List<String> imports = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES.resolve(folder))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("import "))
                        .map(line -> line.replaceAll("import (static )?|;", ""))
                        .forEach(imports::add);
            }
        }
        return imports;
    }
}
