package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests for the names of queues, for names without settings, and for control characters in names. */
@Timeout(20)
class QueueNameTests {

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a\nb", "a\rb", "a\u0000", "\u001b[31mred", "a\u2028b", "a\u2029b", "a\u202eb", "\u0085"
            })
    void openThrowsWhenNameIsNotAllowed(String name) {
        try (QueueFactory factory = QueueFactory.create(QueueSettings.defaults())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> factory.open(name))
                    .withMessageStartingWith("The name of a queue must have 1 to 200 characters")
                    .matches(ex -> String.valueOf(ex.getMessage()).chars().noneMatch(Character::isISOControl));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> QueueFactory.builder().instance(name, QueueSettings.defaults()));
            assertThat(factory.queues()).isEmpty();
        }
    }

    @Test
    void openThrowsWhenNameIsTooLong() {
        try (QueueFactory factory = QueueFactory.create(QueueSettings.defaults())) {
            factory.open("x".repeat(200)).close();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> factory.open("x".repeat(201)))
                    .withMessageEndingWith("but was '" + "x".repeat(200) + "', cut from 201 characters");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"riot.eu", "größe", "日本", "a b", "👩‍🚀", "[x]", "%s {}"})
    void openAcceptsNameWithoutControlCharacters(String name) {
        try (QueueFactory factory = QueueFactory.create(QueueSettings.defaults());
                WorkerQueue<String> queue = factory.open(name)) {
            assertThat(queue.name()).isEqualTo(name);
        }
    }

    @QueueTest
    void taskNameIsEscapedWhenItHasControlCharacters(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        queue.putAll(List.of("a\nERROR forged", "b\u001b[2K", "c\u202ed", "e\tf\r", "\n".repeat(300)), item -> {
            throw new IOException();
        });
        queue.put(
                () -> {
                    throw new IOException();
                },
                TaskOptions.named("given\nname"));
        queue.join();

        assertThat(fixture.failures)
                .extracting(TaskFailure::task)
                .containsExactly(
                        "a\\nERROR forged", "b\\u001b[2K", "c\\u202ed", "e\\tf\\r", "\\n".repeat(100), "given\\nname");
    }

    @QueueTest
    void taskNameIsCutBeforeCharacterOfTwoUnits(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        queue.putAll(List.of("x".repeat(199) + "😀"), item -> {
            throw new IOException();
        });
        queue.join();

        assertThat(fixture.failures).extracting(TaskFailure::task).containsExactly("x".repeat(199));
    }

    @Test
    void factoryLogsUnconfiguredNameOnceForHundredNames() throws Exception {
        try (QueueFactory factory = QueueFactory.builder()
                .instance("riot", QueueSettings.defaults())
                .instance("reports", QueueSettings.defaults())
                .build()) {
            List<ILoggingEvent> events = FailureTests.logged(() -> {
                factory.open("riot").close();
                factory.open().close();
                for (int i = 0; i < 200; i++) {
                    factory.open("user-" + i % 150).close();
                }
            });
            assertThat(events)
                    .hasSize(100)
                    .allSatisfy(event -> assertThat(event.getLevel()).isEqualTo(Level.INFO));
            assertThat(events.get(0).getFormattedMessage())
                    .isEqualTo("Queue 'user-0': uses the default settings, since its name has none; "
                            + "the names with settings are 'reports', 'riot'");
        }
    }

    @Test
    void factoryLogsNothingWhenNoNameIsConfigured() throws Exception {
        try (QueueFactory factory = QueueFactory.create(QueueSettings.defaults())) {
            assertThat(FailureTests.logged(() -> factory.open("any").close())).isEmpty();
        }
    }

    @Test
    void openThrowsWhenNamesAreStrictAndNameIsUnconfigured() {
        try (QueueFactory factory = QueueFactory.builder()
                .instance("riot", QueueSettings.defaults())
                .strictNames(true)
                .build()) {
            factory.open("riot").close();
            factory.open("default").close();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> factory.open("rito"))
                    .withMessage("The name of a queue must be 'default' or a name with settings ('riot'), "
                            + "but was 'rito'; add settings for it, or switch off strict names");
        }
    }
}
