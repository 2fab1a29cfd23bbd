package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.board.BoardDescriptor;
import io.github.workerqueue.board.QueueBoard;
import io.github.workerqueue.board.QueueBoardEndpoint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.ExposableEndpoint;
import org.springframework.boot.actuate.endpoint.Operation;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssert;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.StringUtils;

/** Tests for {@link QueueBoardAutoConfiguration}. */
@Timeout(60)
class QueueBoardAutoConfigurationTests {

    private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(
            QueueAutoConfiguration.class, QueueEventAutoConfiguration.class, QueueBoardAutoConfiguration.class);

    private static final String EXPOSED = "management.endpoints.web.exposure.include=queueboard";

    private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
            .withConfiguration(CONFIGURATIONS)
            .withBean(PathMappedEndpoints.class, () -> new PathMappedEndpoints("/actuator", List::of));

    @Test
    void boardIsNotDeclaredUnlessItIsExposed() {
        contextRunner
                .withPropertyValues("management.endpoints.web.exposure.include=queues,health")
                .run(context -> assertNoBoard(context).hasSingleBean(QueueFactory.class));
    }

    @Test
    void boardIsDeclaredAndRunsWhenItIsExposed() {
        exposed().run(context -> {
            assertThat(context).hasSingleBean(QueueBoardEndpoint.class).hasSingleBean(QueueBoardAddress.class);
            assertThat(context.getBean(QueueBoard.class).isRunning()).isTrue();
        });
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withPropertyValues(EXPOSED)
                .run(context -> assertThat(context).hasSingleBean(QueueBoardEndpoint.class));
    }

    @Test
    void boardIsNotDeclaredWithoutWeb() {
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withPropertyValues(EXPOSED, "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=*")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(QueueBoard.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"management.endpoint.queueboard.access=NONE", "queue.enabled=false"})
    void boardIsNotDeclaredWhenItOrQueuesAreDisabled(String property) {
        exposed().withPropertyValues(property).run(QueueBoardAutoConfigurationTests::assertNoBoard);
    }

    @Test
    void boardIsNotDeclaredWithoutActuatorOrCharts() {
        exposed()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("queueBoard"));
        exposed()
                .withClassLoader(new FilteredClassLoader(FilteredClassLoader.ClassPathResourceFilter.of(
                        new ClassPathResource("META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.iife.min.js"))))
                .run(QueueBoardAutoConfigurationTests::assertNoBoard);
    }

    @Test
    void boardHearsTasksOfFactory() {
        exposed().run(context -> {
            try (WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("prices")) {
                queue.put(() -> "");
                queue.join();
            }
            assertThat(names(context)).containsExactly("prices");
        });
    }

    @Test
    void boardOfApplicationReplacesDefaultBoard() {
        exposed()
                .withUserConfiguration(OwnBoard.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(QueueBoard.class)
                        .hasBean("ownBoard")
                        .hasSingleBean(QueueBoardEndpoint.class));
    }

    @Test
    void childHasBoardOfItsOwnWhenItHasFactoryOfItsOwn() {
        exposed()
                .run(parent -> childRunner(parent, "queue.workers=3").run(child -> {
                    assertThat((Object) child.getBean(QueueBoard.class)).isNotSameAs(parent.getBean(QueueBoard.class));
                    child.getBean(QueueFactory.class).open("of-child").close();
                    parent.getBean(QueueFactory.class).open("of-parent").close();
                    assertThat(names(child)).containsExactly("of-child");
                    assertThat(names(parent)).containsExactly("of-parent");
                }));
    }

    @Test
    void boardOfParentIgnoresFactoryOfChildWhenChildHasNoBoard() {
        exposed()
                .run(parent -> childRunner(parent, "queue.workers=3", "management.endpoint.queueboard.access=NONE")
                        .run(child -> {
                            assertThat((Object) child.getBean(QueueFactory.class))
                                    .isNotSameAs(parent.getBean(QueueFactory.class));
                            child.getBean(QueueFactory.class).open("of-child").close();
                            assertThat(names(parent)).isEmpty();
                        }));
    }

    @Test
    void childUsesBoardOfParentWhenItUsesItsFactory() {
        exposed()
                .run(parent -> childRunner(parent)
                        .run(child -> assertThat(child.getSourceApplicationContext()
                                        .getBeanFactory()
                                        .getBeanNamesForType(QueueBoard.class))
                                .isEmpty()));
    }

    @Test
    void boardOfChildShowsFactoryOfParentWhenParentHasNoBoard() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
                .run(parent -> exposed().withParent(parent).run(child -> {
                    WorkerQueue<?> queue = parent.getBean(QueueFactory.class).open("of-parent");
                    await().until(() -> names(child).contains("of-parent"));
                    queue.close();
                }));
    }

    @Test
    void nativeImageHasFilesAndJson() {
        RuntimeHints hints = new RuntimeHints();
        new QueueBoardAutoConfiguration.BoardRuntimeHints().registerHints(hints, null);
        for (String file : List.of(
                "io/github/workerqueue/board/index.html",
                "META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.iife.min.js",
                "META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.min.css")) {
            assertThat(RuntimeHintsPredicates.resource().forResource(file))
                    .as(file)
                    .accepts(hints);
        }
        for (Class<?> type : List.of(
                BoardDescriptor.class,
                BoardDescriptor.HistoryDescriptor.class,
                BoardDescriptor.LaneDescriptor.class,
                BoardDescriptor.FailedTaskDescriptor.class,
                QueueSnapshot.class)) {
            assertThat(RuntimeHintsPredicates.reflection().onType(type))
                    .as(type.getName())
                    .accepts(hints);
        }
    }

    @Test
    void samplerEndsWithContext() {
        exposed().run(context -> assertThat(samplers()).hasSize(1));
        assertThat(samplers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "local.server.port=8080, http://localhost:8080/actuator/queueboard",
        "local.server.port=8443 server.ssl.bundle=web, https://localhost:8443/actuator/queueboard",
        "local.server.port=8080 server.ssl.bundle=web server.ssl.enabled=false,"
                + " http://localhost:8080/actuator/queueboard",
        "local.server.port=8443 server.ssl.key-store=store local.management.port=9090,"
                + " http://localhost:9090/actuator/queueboard",
        "local.server.port=8080 spring.mvc.servlet.path=/mvc, http://localhost:8080/mvc/actuator/queueboard",
        "local.server.port=8080 spring.webflux.base-path=/flux/, http://localhost:8080/flux/actuator/queueboard",
        "local.management.port=9090 local.server.port=9090 server.servlet.context-path=/app,"
                + " http://localhost:9090/app/actuator/queueboard",
        "none=,"
    })
    void addressHasSchemePortAndPaths(String properties, @Nullable String address) {
        MockEnvironment environment = new MockEnvironment();
        for (String property : StringUtils.tokenizeToStringArray(properties, " ")) {
            int separator = property.indexOf('=');
            environment.setProperty(property.substring(0, separator), property.substring(separator + 1));
        }
        PathMappedEndpoints endpoints = new PathMappedEndpoints("/actuator", () -> List.of(new Board()));
        assertThat(new QueueBoardAddress(() -> endpoints).address(environment)).isEqualTo(address);
    }

    private record Board() implements ExposableEndpoint<Operation>, PathMappedEndpoint {

        @Override
        public EndpointId getEndpointId() {
            return EndpointId.of("queueboard");
        }

        @Override
        public Access getDefaultAccess() {
            return Access.READ_ONLY;
        }

        @Override
        public Collection<Operation> getOperations() {
            return List.of();
        }

        @Override
        public String getRootPath() {
            return "queueboard";
        }
    }

    private WebApplicationContextRunner exposed() {
        return contextRunner.withPropertyValues(EXPOSED);
    }

    private WebApplicationContextRunner childRunner(AssertableWebApplicationContext parent, String... properties) {
        return exposed()
                .withParent(parent)
                .withInitializer(child -> TestPropertyValues.of(properties)
                        .applyTo(child.getEnvironment(), TestPropertyValues.Type.MAP, "child"));
    }

    private static List<String> names(AssertableWebApplicationContext context) {
        SecurityContext user = SecurityContext.NONE;
        Object data = Objects.requireNonNull(context.getBean(QueueBoardEndpoint.class)
                .file(user, "data", null, null, null, null, null)
                .getBody());
        return ((BoardDescriptor) data)
                .overview().stream().map(BoardDescriptor.NameDescriptor::name).toList();
    }

    private static List<Thread> samplers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("queue-board-sampler"))
                .toList();
    }

    private static ApplicationContextAssert<?> assertNoBoard(AssertableWebApplicationContext context) {
        return assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(QueueBoard.class)
                .doesNotHaveBean(QueueBoardEndpoint.class)
                .doesNotHaveBean(QueueBoardAddress.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBoard {

        @Bean
        QueueBoard ownBoard(ObjectProvider<QueueFactory> factories) {
            return new QueueBoard(() -> factories.stream().iterator(), Map::of);
        }
    }
}
