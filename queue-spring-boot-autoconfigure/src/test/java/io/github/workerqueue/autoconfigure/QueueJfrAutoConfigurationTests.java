package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.jfr.JfrTasks;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for {@link QueueJfrAutoConfiguration}. */
@Timeout(60)
class QueueJfrAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class, QueueJfrAutoConfiguration.class));

    @Test
    void tasksAreRecorded(@TempDir Path directory) {
        contextRunner.run(context -> {
            Path file = directory.resolve("tasks.jfr");
            try (Recording recording = new Recording();
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open("riot")) {
                recording.enable("workerqueue.Task");
                recording.start();
                queue.put(() -> "done");
                queue.join();
                recording.stop();
                recording.dump(file);
            }
            assertThat(RecordingFile.readAllEvents(file))
                    .filteredOn(event -> event.getEventType().getName().equals("workerqueue.Task"))
                    .singleElement()
                    .extracting((RecordedEvent event) -> event.getString("queue"))
                    .isEqualTo("riot");
        });
    }

    @Test
    void jfrInterceptorIsInnermost() {
        contextRunner
                .withUserConfiguration(Others.class)
                .run(context -> assertThat(context.getBean(QueueFactory.class)
                                .settings("riot")
                                .interceptors())
                        .hasSize(2)
                        .last()
                        .isInstanceOf(JfrTasks.class));
    }

    @Test
    void jfrInterceptorIsNotDeclaredWithoutFlightRecorder() {
        contextRunner
                .withClassLoader(new FilteredClassLoader("jdk.jfr"))
                .run(context ->
                        assertThat(context).hasSingleBean(QueueFactory.class).doesNotHaveBean("jfrTasks"));
    }

    @Test
    void jfrInterceptorIsNotDeclaredWhenQueuesAreDisabled() {
        contextRunner
                .withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(JfrTasks.class));
    }

    @Test
    void jfrInterceptorOfApplicationReplacesDefaultInterceptor() {
        contextRunner
                .withUserConfiguration(OwnTasks.class)
                .run(context ->
                        assertThat(context).hasSingleBean(JfrTasks.class).hasBean("ownTasks"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Others {

        @Bean
        TaskInterceptor other() {
            return task -> null;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnTasks {

        @Bean
        JfrTasks ownTasks() {
            return new JfrTasks();
        }
    }
}
