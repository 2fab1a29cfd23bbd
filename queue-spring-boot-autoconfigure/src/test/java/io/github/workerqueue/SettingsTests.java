package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class SettingsTests {

    private static final QueueSettings DEFAULTS = QueueSettings.defaults();

    @Test
    void theDefaultsAreThoseOfTheContract() {
        assertThat(DEFAULTS.workers()).isEqualTo(25);
        assertThat(DEFAULTS.maxsize()).isEqualTo(50);
        assertThat(DEFAULTS.logLevel()).isNull();
        assertThat(DEFAULTS.virtualThreads()).isFalse();
        assertThat(DEFAULTS.exceptionHandler()).isNotNull();
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
    void eachWitherReturnsAChangedCopy() {
        QueueExceptionHandler handler = failure -> {};
        QueueSettings changed = DEFAULTS.withWorkers(3)
                .withMaxsize(4)
                .withExceptionHandler(handler)
                .withLogLevel(Level.DEBUG)
                .withVirtualThreads(false);

        assertThat(changed.workers()).isEqualTo(3);
        assertThat(changed.maxsize()).isEqualTo(4);
        assertThat(changed.exceptionHandler()).isSameAs(handler);
        assertThat(changed.logLevel()).isEqualTo(Level.DEBUG);
        assertThat(changed.withLogLevel(null).logLevel()).isNull();
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
    void valuesOutOfRangeAreRefusedWithTheKeyTheValueAndWhatIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withWorkers(0))
                .withMessage("workers is 0, allowed is 1 to 100000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withMaxsize(-1))
                .withMessage("maxsize is -1, allowed is 1 to 16777216");
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withWorkers(QueueSettings.MAX_WORKERS + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withMaxsize(QueueSettings.MAX_MAXSIZE + 1));
        assertThat(DEFAULTS.withWorkers(1).withMaxsize(1).maxsize()).isEqualTo(1);
    }

    @Test
    @SuppressWarnings("NullAway")
    void theHandlerIsNotNull() {
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withExceptionHandler(null));
    }

    @QueueTest
    void theHighestNumberOfWorkersWorks(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(QueueSettings.MAX_WORKERS, 10);
        queue.put(() -> 1);

        assertThat(queue.join()).containsExactly(1);
    }

    @QueueTest
    void theLifecycleIsLoggedAtTheLevelThatWasSet(Fixture fixture) throws Exception {
        assertThat(FailureTests.logged(() -> {
                    try (WorkerQueue<String> queue = fixture.factory()
                            .open("riot", settings -> settings.withWorkers(3).withLogLevel(Level.INFO))) {
                        assertThat(queue.workers()).isEqualTo(3);
                    }
                    fixture.factory().open("quiet").close();
                }))
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly("INFO Queue 'riot' spawned 3 workers", "INFO Queue 'riot' joined 3 workers");
    }
}
