package io.github.workerqueue.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.workerqueue.docs.Page.Block;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests for README.md and the pages in {@code docs}. With {@code -Ddocs=how-to/test.md}, they read only the pages with
 * this text in their name.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class DocumentationTests {

    private static final List<String> LANGUAGES =
            List.of("java", "yaml", "properties", "xml", "groovy", "shell", "json", "text", "python", Page.SETUP);

    private static final int MAX_PERCENT_NOT_RUN = 15;

    private static final String FILTER = System.getProperty("docs", "");

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JavaBlocks javaBlocks = new JavaBlocks();

    private final ConfigurationBlocks configurationBlocks = new ConfigurationBlocks();

    private final CoordinateBlocks coordinateBlocks = new CoordinateBlocks();

    private final ShellBlocks shellBlocks = new ShellBlocks();

    private final Links links = new Links();

    private final QueueNames queueNames = new QueueNames(configurationBlocks);

    @AfterAll
    void closeApplication() {
        shellBlocks.close();
    }

    static List<Page> pages() {
        return Page.all().stream().filter(page -> page.name().contains(FILTER)).toList();
    }

    static List<Page> allDocuments() {
        return Stream.concat(Page.all().stream(), Page.others().stream())
                .filter(page -> page.name().contains(FILTER))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void blocksHaveKnownLanguage(Page page) {
        assertThat(page.blocks())
                .allSatisfy(block -> assertThat(LANGUAGES)
                        .as(block.problem("unknown language"))
                        .contains(block.kind()));
    }

    @ParameterizedTest
    @MethodSource("allDocuments")
    void blocksAreClosed(Page page) {
        assertThat(page.unclosedBlocks())
                .as("%s: lines of blocks without an end", page.name())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void jsonBlocksAreValid(Page page) {
        assertThat(page.blocks("json"))
                .allSatisfy(block -> assertThatNoException()
                        .as(block.problem("invalid JSON"))
                        .isThrownBy(() -> JSON.readerFor(JsonNode.class)
                                .readValues(block.code())
                                .readAll()));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void namesInTextAreKnown(Page page) {
        assertThat(queueNames.problems(page)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void javaBlocksCompile(Page page) {
        assertThat(javaBlocks.problems(page)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void configurationBlocksStartApplication(Page page) {
        assertThat(configurationBlocks.problems(page)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void dependenciesExist(Page page) {
        assertThat(coordinateBlocks.problems(page)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shellBlocksSucceed(Page page) {
        assertThat(shellBlocks.problems(page)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("allDocuments")
    void linksHaveTargets(Page page) {
        assertThat(links.problems(page)).isEmpty();
    }

    @Test
    void readmeBeginsWithTwoCommands() {
        Block first = Page.readme().blocks().get(0);
        assertThat(first.kind()).isEqualTo("shell");
        assertThat(first.code().lines()).hasSize(2).allMatch(line -> line.startsWith("./mvnw "));
    }

    @Test
    void fewBlocksAreNotRun() {
        List<Block> executable = pages().stream()
                .flatMap(page -> page.blocks().stream())
                .filter(block -> List.of("java", "yaml", "properties", "xml", "groovy", "shell")
                        .contains(block.kind()))
                .toList();
        List<String> notRun = executable.stream()
                .filter(block -> !block.runs())
                .map(block -> block.problem("not run: " + block.notRun()))
                .toList();
        assertThat(executable).isNotEmpty();
        assertThat(notRun)
                .as("blocks that are not run")
                .hasSizeLessThanOrEqualTo(Math.max(1, executable.size() * MAX_PERCENT_NOT_RUN / 100))
                .noneMatch(problem -> problem.endsWith("not run: "));
    }
}
