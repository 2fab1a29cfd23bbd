package io.github.workerqueue.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the checks of the documentation, each with a page that is correct and pages that are not. */
@Timeout(120)
class DocumentationCheckTests {

    private static List<String> problems(DocumentationCheck check, String... lines) {
        return check.problems(page(lines));
    }

    private static Page page(String... lines) {
        return Page.parse(Path.of("docs/page.md"), "page.md", String.join("\n", lines));
    }

    @Test
    void blockHasLineAndMarkers() {
        assertThat(page("Text", "", "<!-- not run: needs a cluster -->", "```shell", "kubectl get pods", "```")
                        .blocks())
                .singleElement()
                .satisfies(block -> {
                    assertThat(block.line()).isEqualTo(5);
                    assertThat(block.runs()).isFalse();
                    assertThat(block.notRun()).isEqualTo("needs a cluster");
                });
    }

    @Test
    void indentedBlockHasNoLanguage() {
        assertThat(page("Text", "", "    int i;").blocks())
                .singleElement()
                .extracting(Page.Block::kind)
                .isEqualTo(Page.NO_LANGUAGE);
    }

    @Test
    void unclosedBlockIsFound() {
        assertThat(page("```text", "a", "```", "~~~text", "```", "~~~", "", "- ```java", "  int i;", "", "Text")
                        .unclosedBlocks())
                .containsExactly(8);
    }

    @Test
    void unknownNamesInTextAreFound() {
        assertThat(problems(
                        new QueueNames(new ConfigurationBlocks()),
                        "`queue.workers`, `queue.instances.<name>.retry.*`, `queue.put.blocked` and `queue.task.*`,",
                        "but neither `queue.instances.prices.worker` nor `queue.waits`"))
                .containsExactly(
                        "page.md:2: unknown key or meter queue.instances.prices.worker",
                        "page.md:2: unknown key or meter queue.waits");
    }

    @Nested
    class Java {

        private final DocumentationCheck check = new JavaBlocks();

        @Test
        void typesMembersAndStatementsCompile() {
            assertThat(problems(
                            check,
                            "<!-- java: setup",
                            "import io.github.workerqueue.QueueFactory;",
                            "QueueFactory queues;",
                            "PriceClient client;",
                            "-->",
                            "```java",
                            "import io.github.workerqueue.QueueExceptionHandler;",
                            "import org.springframework.context.annotation.Bean;",
                            "",
                            "@Bean",
                            "QueueExceptionHandler handler() {",
                            "    return failure -> {};",
                            "}",
                            "```",
                            "```java",
                            "record Offer(Price price) {}",
                            "```",
                            "1. In a list:",
                            "   ```java",
                            "   import io.github.workerqueue.WorkerQueue;",
                            "",
                            "   try (WorkerQueue<Offer> queue = queues.open(\"prices\")) {",
                            "       queue.put(() -> new Offer(client.price(\"4711\")));",
                            "       return queue.join();",
                            "   }",
                            "   ```"))
                    .isEmpty();
        }

        @Test
        void problemHasLineOfMarkdown() {
            assertThat(problems(check, "# Page", "", "```java", "int i = 0;", "i = \"no number\";", "```"))
                    .singleElement()
                    .asString()
                    .startsWith("page.md:5: incompatible types");
        }

        @Test
        void missingImportIsReported() {
            assertThat(problems(check, "```java", "List<String> skus = null;", "skus.clear();", "```"))
                    .singleElement()
                    .asString()
                    .contains("page.md:2", "class List");
        }

        @Test
        void syntaxErrorIsReported() {
            assertThat(problems(check, "```java", "class Broken {", "    int i", "}", "```"))
                    .singleElement()
                    .asString()
                    .startsWith("page.md:3: ';' expected");
        }

        @Test
        void deprecatedMethodIsReported() {
            assertThat(problems(check, "```java", "new Thread().suspend();", "```"))
                    .singleElement()
                    .asString()
                    .contains("suspend");
        }

        @Test
        void laterBlockReplacesTypeOfEarlierBlock() {
            assertThat(problems(
                            check,
                            "```java",
                            "record Offer(int price) {}",
                            "```",
                            "```java",
                            "int price = new Offer(1).price();",
                            "```",
                            "```java",
                            "record Offer(String sku) {}",
                            "```",
                            "```java",
                            "String sku = new Offer(\"4711\").sku();",
                            "int price = new Offer(1).price();",
                            "```"))
                    .singleElement()
                    .asString()
                    .startsWith("page.md:12: incompatible types");
        }

        @Test
        void fieldWithoutValueIsMember() {
            assertThat(problems(
                            check,
                            "```java",
                            "import org.springframework.beans.factory.annotation.Autowired;",
                            "",
                            "@Autowired",
                            "PriceClient client;",
                            "```"))
                    .isEmpty();
        }

        @Test
        void blockWithReasonNotToRunIsSkipped() {
            assertThat(problems(check, "<!-- not run: a sketch -->", "```java", "...", "```"))
                    .isEmpty();
        }
    }

    @Nested
    class Configuration {

        private final DocumentationCheck check = new ConfigurationBlocks();

        @Test
        void knownKeysStartApplication() {
            assertThat(problems(
                            check,
                            "```yaml",
                            "queue:",
                            "  log-level: off",
                            "  instances:",
                            "    prices:",
                            "      workers: 4",
                            "      exception-handler: priceFailures",
                            "      rate-limits: [{permits: 20, per: 1s}]",
                            "management.endpoint.queues.access: unrestricted",
                            "spring.threads.virtual.enabled: true",
                            "logging.level.shop: debug",
                            "---",
                            "queue.instances.prices.workers: 8",
                            "```",
                            "```properties",
                            "queue.instances[prices.eu].workers=2",
                            "```"))
                    .isEmpty();
        }

        @Test
        void unknownKeyOfInstanceIsReported() {
            assertThat(problems(check, "```yaml", "queue.instances.prices.workerz: 4", "```"))
                    .hasSize(2)
                    .allMatch(problem -> problem.startsWith("page.md:2: ") && problem.contains("workerz"));
        }

        @Test
        void unknownKeyOfSpringIsReported() {
            assertThat(problems(check, "```yaml", "spring.thread.virtual.enabled: true", "```"))
                    .containsExactly("page.md:2: unknown or deprecated key spring.thread.virtual.enabled");
        }

        @Test
        void invalidValueIsReported() {
            assertThat(problems(check, "```yaml", "queue.task-timeout: 10", "```"))
                    .singleElement()
                    .asString()
                    .contains("application does not start", "unit");
        }

        @Test
        void invalidYamlIsReported() {
            assertThat(problems(check, "```yaml", "queue: [", "```")).hasSize(1);
        }
    }

    @Nested
    class Coordinates {

        private final DocumentationCheck check = new CoordinateBlocks();

        private String dependency(String groupId, String artifactId, String version) {
            return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId>%s</dependency>"
                    .formatted(groupId, artifactId, version.isEmpty() ? "" : "<version>" + version + "</version>");
        }

        @Test
        void dependenciesOfClasspathAreKnown() {
            assertThat(problems(
                            check,
                            "```xml",
                            dependency("com.h2database", "h2", ""),
                            dependency("io.github.workerqueue", "queue-spring-boot-starter", "0.1.0-SNAPSHOT"),
                            "```",
                            "```groovy",
                            "implementation 'io.github.workerqueue:queue-spring-boot-starter:0.1.0-SNAPSHOT'",
                            "```"))
                    .isEmpty();
        }

        @Test
        void unknownDependencyIsReported() {
            assertThat(problems(check, "```xml", dependency("com.h2database", "h3", ""), "```"))
                    .containsExactly("page.md:2: unknown dependency com.h2database:h3");
        }

        @Test
        void wrongVersionIsReported() {
            assertThat(problems(
                            check,
                            "```groovy",
                            "implementation(\"io.github.workerqueue:queue-spring-boot-starter:0.0.9\")",
                            "```"))
                    .singleElement()
                    .asString()
                    .endsWith("must be 0.1.0-SNAPSHOT");
        }

        @Test
        void missingVersionIsReportedWhenSpringBootDoesNotManageDependency() {
            assertThat(problems(
                            check,
                            "```xml",
                            dependency("io.github.resilience4j", "resilience4j-bulkhead", ""),
                            dependency("io.github.workerqueue", "queue-spring-boot-starter", ""),
                            "```"))
                    .hasSize(2)
                    .allMatch(problem -> problem.contains("missing version"));
        }

        @Test
        void wrongParentIsReported() {
            assertThat(problems(check, "```xml", "<project><parent><version>3.5.0</version></parent></project>", "```"))
                    .singleElement()
                    .asString()
                    .contains("version of the parent");
        }

        @Test
        void malformedXmlIsReported() {
            assertThat(problems(check, "```xml", "<dependency>", "```")).hasSize(1);
        }
    }

    @Nested
    class Shell {

        private static final ShellBlocks check = new ShellBlocks();

        @AfterAll
        static void closeApplication() {
            check.close();
        }

        @Test
        void requestSucceeds() {
            assertThat(problems(
                            check,
                            "```shell",
                            "# the queues",
                            "curl -s localhost:8080/actuator/queues | jq .",
                            "curl 'http://localhost:8080/actuator/metrics/queue.tasks"
                                    + "?tag=name:prices&tag=outcome:success'",
                            "curl -X POST localhost:8080/actuator/queues/prices \\",
                            "  -H 'Content-Type: application/json' -d '{\"action\": \"resize\", "
                                    + "\"workers\": 8}'  # more",
                            "```"))
                    .isEmpty();
        }

        @Test
        void failedRequestIsReported() {
            assertThat(problems(
                            check,
                            "```shell",
                            "curl localhost:8080/actuator/queues \\",
                            "  -s",
                            "curl localhost:8080/actuator/queue",
                            "```"))
                    .singleElement()
                    .asString()
                    .startsWith("page.md:4: status 404");
        }

        @Test
        void otherCommandIsReported() {
            assertThat(problems(check, "```shell", "kubectl get pods", "```"))
                    .containsExactly("page.md:2: only curl can be executed; mark the block as not run");
        }

        @Test
        void unknownModuleAndProfileAreReported() {
            assertThat(problems(
                            check,
                            "<!-- not run: a build -->",
                            "```shell",
                            "./mvnw -pl sample-app,queue-app verify",
                            "./mvnw -Pstress test",
                            "./mvnw -Pslow test",
                            "```"))
                    .containsExactly("page.md:3: unknown module queue-app", "page.md:5: unknown profile slow");
        }
    }

    @Nested
    class Targets {

        private final DocumentationCheck check = new Links();

        @Test
        void headingsAndFilesAreFound() {
            assertThat(problems(
                            check,
                            "# What's a `WorkerQueue`?",
                            "## 2. Retries, limits & more",
                            "## 2. Retries, limits & more",
                            "[a](#whats-a-workerqueue) [b](#2-retries-limits--more-1) "
                                    + "[c](../pom.xml) [d](https://spring.io)",
                            "<a id=\"x\"></a> [e](#x)"))
                    .isEmpty();
        }

        @Test
        void missingAnchorIsReported() {
            assertThat(problems(check, "# Retries", "", "| a |", "| --- |", "| [b](#retry) |"))
                    .containsExactly("page.md:5: link to a missing anchor: #retry");
        }

        @Test
        void missingFileIsReported() {
            assertThat(problems(check, "[a](missing.md) [b](/pom.xml)")).hasSize(2);
        }

        @Test
        void absoluteLinkIntoRepositoryIsReported() {
            assertThat(problems(check, "<https://github.com/workerqueue/queue-spring-boot/blob/main/pom.xml>"))
                    .hasSize(1);
        }

        @Test
        void imageWithoutAlternativeIsReported() {
            assertThat(problems(check, "![](../pom.xml)", "", "<img src=\"../pom.xml\" alt=\"\">"))
                    .containsExactly(
                            "page.md:1: image without a text alternative",
                            "page.md:3: image without a text alternative");
        }
    }
}
