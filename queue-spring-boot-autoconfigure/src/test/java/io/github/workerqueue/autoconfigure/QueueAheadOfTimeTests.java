package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.RateLimit;
import io.github.workerqueue.WorkerQueue;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.util.ClassUtils;

/** Tests for ahead-of-time processing: beans are determined at build time, properties are read at run time. */
@Timeout(120)
class QueueAheadOfTimeTests {

    private static final String[] AT_BUILD_TIME = {"queue.workers=5", "queue.instances.riot.workers=3"};

    @Test
    @CompileWithForkedClassLoader
    void queueHasSettingsOfRunTimeAndRunsTasks() {
        run(Application.class, new String[] {"queue.workers=9", "queue.instances.riot.workers=4"}, context -> {
            WorkerQueue<String> queue = context.getBean(Ladder.class).queue();
            assertThat(queue.workers()).isEqualTo(4);
            assertThat(context.getBean(QueueFactory.class).settings("any").workers())
                    .isEqualTo(9);
            try {
                queue.put(() -> "done");
                assertThat(queue.join()).containsExactly("done");
            } catch (InterruptedException ex) {
                throw new IllegalStateException(ex);
            }
            context.close();
            assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
        });
    }

    @Test
    @CompileWithForkedClassLoader
    void queuesHaveNamesOfRunTime() {
        run(
                Application.class,
                new String[] {"queue.instances.riot.workers=4", "queue.instances.late.workers=2"},
                context -> {
                    assertThat(context.getBean("queue.instances.late", WorkerQueue.class)
                                    .workers())
                            .isEqualTo(2);
                    assertThat(context.getBean("queue.instances.late.executor")).isInstanceOf(Executor.class);
                    assertThat(context.containsBean("queue.instances.gone")).isFalse();
                });
    }

    @Test
    @CompileWithForkedClassLoader
    void queueOfApplicationReplacesConfiguredQueue() {
        run(OwnQueue.class, AT_BUILD_TIME, context -> {
            assertThat(context.containsBean("queue.instances.riot")).isFalse();
            assertThat(context.getBean(Ladder.class).queue().name()).isEqualTo("own");
        });
    }

    @Test
    @CompileWithForkedClassLoader
    void unknownKeyOfRunTimeStopsStart() {
        assertThatException()
                .isThrownBy(() -> run(Application.class, new String[] {"queue.worker=9"}, context -> {}))
                .withMessageContaining("the closest known key is 'queue.workers'");
    }

    @Test
    @CompileWithForkedClassLoader
    void emptyInstanceAndShortFormOfRateLimitsAreBound() {
        run(
                Application.class,
                new String[] {"queue.instances.riot=", "queue.rate-limits=20/s"},
                context -> assertThat(
                                context.getBean(Ladder.class).queue().settings().rateLimits())
                        .containsExactly(new RateLimit(20, Duration.ofSeconds(1))));
    }

    @Test
    void shortFormOfRateLimitsCanBeConverted() throws NoSuchMethodException {
        Method conversion = QueueInstanceProperties.Rate.class.getMethod("of", String.class);
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(conversion))
                .accepts(process(Application.class).getRuntimeHints());
    }

    @Test
    void propertiesCanBeBound() {
        RuntimeHints hints = process(Application.class).getRuntimeHints();
        for (Class<?> type : List.of(
                QueueProperties.class,
                QueueInstanceProperties.class,
                QueueProperties.Shutdown.class,
                QueueProperties.Metrics.class,
                QueueProperties.Test.class)) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().startsWith("set")) {
                    assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
                            .as(method.toString())
                            .accepts(hints);
                }
            }
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsCanBeCreated() throws ReflectiveOperationException {
        RuntimeHints hints = process(Application.class).getRuntimeHints();
        Class<?> builder = ClassUtils.forName("java.lang.Thread$Builder$OfVirtual", null);
        assertThat(RuntimeHintsPredicates.reflection().onType(builder)).accepts(hints);
        for (Method method : List.of(
                Thread.class.getMethod("ofVirtual"),
                builder.getMethod("inheritInheritableThreadLocals", boolean.class),
                builder.getMethod("factory"))) {
            assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
                    .as(method.toString())
                    .accepts(hints);
        }
    }

    private static void run(
            Class<?> application, String[] propertiesAtRunTime, Consumer<GenericApplicationContext> assertions) {
        TestCompiler.forSystem().with(process(application)).compile(compiled -> {
            try (GenericApplicationContext context = new GenericApplicationContext()) {
                TestPropertyValues.of(propertiesAtRunTime).applyTo(context);
                initialize(compiled, context);
                context.refresh();
                assertions.accept(context);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static void initialize(Compiled compiled, GenericApplicationContext context) {
        compiled.getInstance(ApplicationContextInitializer.class).initialize(context);
    }

    private static TestGenerationContext process(Class<?> application) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(AT_BUILD_TIME)
                    .and("queue.instances.gone.workers=1")
                    .applyTo(context);
            context.register(application);
            TestGenerationContext generation = new TestGenerationContext(application);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return generation;
        }
    }

    record Ladder(@Qualifier("riot") WorkerQueue<String> queue) {}

    @Configuration(proxyBeanMethods = false)
    @Import({QueueAutoConfiguration.class, Ladder.class})
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @Import({QueueAutoConfiguration.class, Ladder.class})
    static class OwnQueue {

        @Bean
        @Qualifier("riot")
        WorkerQueue<String> own(QueueFactory factory) {
            return factory.open("own");
        }
    }
}
