package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.metrics.QueueMetrics;
import io.github.workerqueue.observation.DefaultQueueTaskObservationConvention;
import io.github.workerqueue.observation.QueueTaskObservationConvention;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests for applications that declare several beans of a type of which the library uses only one. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class SeveralBeansTests {

    private static final String UNUSED = "beans exist, but none is primary";

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    QueueAutoConfiguration.class,
                    QueueContextAutoConfiguration.class,
                    QueueObservationAutoConfiguration.class));

    private final ApplicationContextRunner handlers =
            with(QueueExceptionHandler.class, () -> failure -> {}, "first", "second");

    @Test
    void startWarnsOnceOfExceptionHandlersWhenNoneIsSelected(CapturedOutput output) {
        handlers.run(context -> context.getBean(QueueFactory.Builder.class));
        assertThat(output)
                .containsOnlyOnce("Several QueueExceptionHandler " + UNUSED
                        + ", so none of them is the default: 'first', 'second'."
                        + " Select one with queue.exception-handler, or mark one as @Primary.");
    }

    @Test
    void startWarnsOfExceptionHandlersWhenOnlyInstanceSelectsOne(CapturedOutput output) {
        handlers.withPropertyValues("queue.instances.riot.exception-handler=first")
                .run(context -> assertThat(output).contains("Several QueueExceptionHandler " + UNUSED));
    }

    @Test
    void startDoesNotWarnWhenDefaultsSelectExceptionHandler(CapturedOutput output) {
        handlers.withPropertyValues("queue.exception-handler=first", "queue.instances.riot.workers=3")
                .run(context -> assertThat(output).doesNotContain(UNUSED));
    }

    @Test
    void startDoesNotWarnWhenExceptionHandlerIsPrimary(CapturedOutput output) {
        QueueExceptionHandler primary = failure -> {};
        handlers.withBean(
                        "third", QueueExceptionHandler.class, () -> primary, definition -> definition.setPrimary(true))
                .run(context -> {
                    assertThat(output).doesNotContain(UNUSED);
                    assertThat(context.getBean(QueueFactory.class)
                                    .settings("any")
                                    .exceptionHandler())
                            .isSameAs(primary);
                });
    }

    @Test
    void beanNameDoesNotSelectExceptionHandler(CapturedOutput output) {
        with(QueueExceptionHandler.class, () -> failure -> {}, "exceptionHandler", "another")
                .run(context -> assertThat(output).contains("'exceptionHandler', 'another'"));
    }

    @Test
    void startWarnsOfSeveralAbandonedTaskHandlers(CapturedOutput output) {
        with(AbandonedTaskHandler.class, () -> task -> {}, "first", "second")
                .run(context -> assertThat(output)
                        .containsOnlyOnce("Several AbandonedTaskHandler " + UNUSED
                                + ", so none of them is the default: 'first', 'second'. Mark one as @Primary."));
    }

    @Test
    void startWarnsOfSeveralBeansOfContextAndObservation(CapturedOutput output) {
        with(ContextSnapshotFactory.class, ContextSnapshotFactory.builder()::build, "first", "second")
                .withBean(ObservationRegistry.class, ObservationRegistry::create)
                .withBean(
                        "oneConvention",
                        QueueTaskObservationConvention.class,
                        DefaultQueueTaskObservationConvention::new)
                .withBean(
                        "twoConvention",
                        QueueTaskObservationConvention.class,
                        DefaultQueueTaskObservationConvention::new)
                .withBean("oneMetrics", QueueMetrics.class, () -> new QueueMetrics(new SimpleMeterRegistry()))
                .withBean("twoMetrics", QueueMetrics.class, () -> new QueueMetrics(new SimpleMeterRegistry()))
                .run(context -> assertThat(output)
                        .contains("Several ContextSnapshotFactory " + UNUSED)
                        .contains(
                                "'oneConvention', 'twoConvention'. Mark one as @Primary for the observation of tasks.")
                        .contains("'oneMetrics', 'twoMetrics'. Mark one as @Primary for the observation of tasks."));
    }

    @Test
    void childContextWarnsOfExceptionHandlersOfParent(CapturedOutput output) {
        handlers.run(parent -> contextRunner
                .withParent(parent)
                .withBean("listener", AbandonedTaskHandler.class, () -> task -> {})
                .run(child -> assertThat(output.toString().split("Several QueueExceptionHandler ", -1))
                        .hasSize(3)));
    }

    private <B> ApplicationContextRunner with(Class<B> type, Supplier<B> supplier, String first, String second) {
        return contextRunner.withBean(first, type, supplier).withBean(second, type, supplier);
    }
}
