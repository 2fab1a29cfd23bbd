package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Tests for {@link QueueSettings}. */
class SettingsTests {

    private static final QueueSettings DEFAULTS = QueueSettings.defaults();

    @Test
    void settingsHaveDocumentedDefaults() {
        assertThat(DEFAULTS.workers()).isEqualTo(25);
        assertThat(DEFAULTS.maxsize()).isEqualTo(50);
        assertThat(DEFAULTS.logLevel()).isNull();
        assertThat(DEFAULTS.virtualThreads()).isFalse();
        assertThat(DEFAULTS.exceptionHandler()).isNotNull();
        assertThat(DEFAULTS.abandonedTaskHandler()).isNotNull();
        assertThat(DEFAULTS.taskTimeout()).isNull();
        assertThat(DEFAULTS.deadline()).isNull();
        assertThat(DEFAULTS.failFast()).isFalse();
        assertThat(DEFAULTS.totalWorkers()).isNull();
        assertThat(DEFAULTS.leakTrace()).isFalse();
    }

    @Test
    void maxsizeFollowsWorkersUntilItIsSet() {
        assertThat(DEFAULTS.withWorkers(100).maxsize()).isEqualTo(200);
        assertThat(DEFAULTS.withWorkers(100).withMaxsize(7).maxsize()).isEqualTo(7);
        assertThat(DEFAULTS.withMaxsize(7).withWorkers(100).maxsize()).isEqualTo(7);
        assertThat(DEFAULTS.withMaxsize(50).withWorkers(3).maxsize()).isEqualTo(50);
        assertThat(DEFAULTS.withWorkers(QueueSettings.MAX_WORKERS).maxsize()).isEqualTo(200_000);
    }

    @Test
    void witherReturnsChangedCopy() {
        QueueExceptionHandler handler = failure -> {};
        AbandonedTaskHandler abandonedTaskHandler = task -> {};
        RetryAfterResolver resolver = failure -> null;
        QueueSettings changed = DEFAULTS.withWorkers(3)
                .withMaxsize(4)
                .withExceptionHandler(handler)
                .withAbandonedTaskHandler(abandonedTaskHandler)
                .withLogLevel(Level.DEBUG)
                .withVirtualThreads(false)
                .withTaskTimeout(Duration.ofSeconds(5))
                .withDeadline(Duration.ofSeconds(6))
                .withFailFast(true)
                .withTotalWorkers(7)
                .withRetryAfterResolver(resolver)
                .withMaxHold(Duration.ofSeconds(8))
                .withLeakTrace(true);

        assertThat(changed.workers()).isEqualTo(3);
        assertThat(changed.maxsize()).isEqualTo(4);
        assertThat(changed.exceptionHandler()).isSameAs(handler);
        assertThat(changed.logLevel()).isEqualTo(Level.DEBUG);
        assertThat(changed.withLogLevel(null).logLevel()).isNull();
        assertThat(changed.abandonedTaskHandler()).isSameAs(abandonedTaskHandler);
        assertThat(changed.taskTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(changed.withTaskTimeout(null).taskTimeout()).isNull();
        assertThat(changed.deadline()).isEqualTo(Duration.ofSeconds(6));
        assertThat(changed.withDeadline(null).deadline()).isNull();
        assertThat(changed.failFast()).isTrue();
        assertThat(changed.withFailFast(false).failFast()).isFalse();
        assertThat(changed.totalWorkers()).isEqualTo(7);
        assertThat(changed.withTotalWorkers(null).totalWorkers()).isNull();
        assertThat(changed.retryAfterResolver()).isSameAs(resolver);
        assertThat(changed.maxHold()).isEqualTo(Duration.ofSeconds(8));
        assertThat(changed.leakTrace()).isTrue();
        assertThat(changed.withLeakTrace(false).leakTrace()).isFalse();
        assertThat(QueueSettings.defaults()).isEqualTo(DEFAULTS).isNotEqualTo(changed);
    }

    @Test
    void settingsAreComparedByValue() {
        QueueSettings one = DEFAULTS.withWorkers(3).withMaxsize(4).withLogLevel(Level.INFO);
        QueueSettings other = DEFAULTS.withLogLevel(Level.INFO).withMaxsize(4).withWorkers(3);

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).hasToString(other.toString());
        assertThat(one).isNotEqualTo(one.withWorkers(5)).isNotEqualTo(one.withMaxsize(5));
        assertThat(one).isNotEqualTo(one.withLogLevel(null)).isNotEqualTo(one.withExceptionHandler(failure -> {}));
    }

    @Test
    void equalsComparesEachSetting() {
        List<QueueSettings> changed = List.of(
                DEFAULTS,
                DEFAULTS.withWorkers(24),
                DEFAULTS.withMaxsize(50),
                DEFAULTS.withExceptionHandler(failure -> {}),
                DEFAULTS.withAbandonedTaskHandler(task -> {}),
                DEFAULTS.withLogLevel(Level.INFO),
                DEFAULTS.withTaskTimeout(Duration.ofSeconds(1)),
                DEFAULTS.withDeadline(Duration.ofSeconds(1)),
                DEFAULTS.withFailFast(true),
                DEFAULTS.withTotalWorkers(25),
                DEFAULTS.withRetryAfterResolver(failure -> null),
                DEFAULTS.withMaxHold(Duration.ofSeconds(1)),
                DEFAULTS.withLeakTrace(true));

        assertThat(changed).doesNotHaveDuplicates();
        assertThat(changed).allSatisfy(settings -> {
            QueueSettings same = DEFAULTS.withLeakTrace(settings.leakTrace())
                    .withTotalWorkers(settings.totalWorkers())
                    .withRetryAfterResolver(settings.retryAfterResolver())
                    .withMaxHold(settings.maxHold())
                    .withFailFast(settings.failFast())
                    .withDeadline(settings.deadline())
                    .withTaskTimeout(settings.taskTimeout())
                    .withLogLevel(settings.logLevel())
                    .withAbandonedTaskHandler(settings.abandonedTaskHandler())
                    .withExceptionHandler(settings.exceptionHandler())
                    .withWorkers(settings.workers());
            QueueSettings equal =
                    settings.equals(DEFAULTS.withMaxsize(50)) ? same.withMaxsize(settings.maxsize()) : same;
            assertThat(equal).isEqualTo(settings).hasSameHashCodeAs(settings).hasToString(settings.toString());
        });
    }

    @Test
    void toStringShowsWorkersMaxsizeAndChangedSettings() {
        assertThat(DEFAULTS).hasToString("QueueSettings[workers=25, maxsize=50]");
        assertThat(DEFAULTS.withExceptionHandler(DEFAULTS.exceptionHandler())
                        .withVirtualThreads(false)
                        .withFailFast(false)
                        .withTaskTimeout(null))
                .hasToString("QueueSettings[workers=25, maxsize=50]");
        QueueExceptionHandler handler = new QueueExceptionHandler() {
            @Override
            public void handle(TaskFailure failure) {}

            @Override
            public String toString() {
                return "handler";
            }
        };
        assertThat(DEFAULTS.withLeakTrace(true)
                        .withTotalWorkers(40)
                        .withFailFast(true)
                        .withDeadline(Duration.ofMinutes(2))
                        .withTaskTimeout(Duration.ofSeconds(5))
                        .withLogLevel(Level.INFO)
                        .withExceptionHandler(handler)
                        .withWorkers(100))
                .hasToString("QueueSettings[workers=100, maxsize=200, exceptionHandler=handler, logLevel=INFO, "
                        + "taskTimeout=5 s, deadline=2 min, failFast=true, totalWorkers=40, leakTrace=true]");
    }

    @Test
    void settingsThrowWhenValueIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withWorkers(0))
                .withMessage("workers must be between 1 and 100,000, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withMaxsize(-1))
                .withMessage("maxsize must be between 1 and 16,777,216, but was -1");
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withWorkers(QueueSettings.MAX_WORKERS + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withMaxsize(QueueSettings.MAX_MAXSIZE + 1));
        assertThat(DEFAULTS.withWorkers(1).withMaxsize(1).maxsize()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withTotalWorkers(0))
                .withMessage("totalWorkers must be between 1 and 100,000, but was 0");
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withTotalWorkers(QueueSettings.MAX_WORKERS + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withTaskTimeout(Duration.ZERO))
                .withMessage("taskTimeout must be positive, or null for no limit, but was 0 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withDeadline(Duration.ofSeconds(-3)))
                .withMessage("deadline must be positive, or null for no limit, but was -3 s");
        assertThat(DEFAULTS.withTaskTimeout(Duration.ofNanos(1)).taskTimeout()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    @SuppressWarnings("NullAway")
    void settingsThrowWhenHandlerOrResolverIsNull() {
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withExceptionHandler(null));
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withAbandonedTaskHandler(null));
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withRetryAfterResolver(null));
    }

    @QueueTest
    void queueRunsTasksWhenWorkersAreAtMaximum(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(QueueSettings.MAX_WORKERS, 10);
        queue.put(() -> 1);

        assertThat(queue.join()).containsExactly(1);
    }

    @QueueTest
    void queueLogsLifecycleAtConfiguredLevel(Fixture fixture) throws Exception {
        assertThat(FailureTests.logged(() -> {
                    try (WorkerQueue<String> queue = fixture.factory()
                            .open("riot", settings -> settings.withWorkers(3).withLogLevel(Level.INFO))) {
                        assertThat(queue.workers()).isEqualTo(3);
                    }
                    fixture.factory().open("quiet").close();
                }))
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly("INFO Queue 'riot': spawned 3 workers", "INFO Queue 'riot': joined 3 workers");
    }
}
