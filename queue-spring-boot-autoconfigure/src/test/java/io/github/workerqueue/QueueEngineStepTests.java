package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for single steps of the engine. The test runs the woken slots itself. */
@Timeout(20)
class QueueEngineStepTests {

    private final HeldThreads threads = new HeldThreads();

    private final QueueEngine engine = threads.engine(3, 1);

    @Test
    void engineWakesSlotWhenChildTaskMovesToRing() {
        List<Integer> started = new ArrayList<>();
        Callable<?> task = () -> started.add(threads.started.size());
        assertThat(engine.overflow.put(task, 0)).isTrue();
        engine.scheduler.wakeWorker();
        assertThat(engine.overflow.put(task, 0)).isTrue();
        engine.scheduler.wakeWorker();
        assertThat(threads.started).as("one searches, which is enough").hasSize(1);

        threads.started.remove().run();

        assertThat(started)
                .as("another starts beside the first, as that may block")
                .startsWith(1);
    }

    @Test
    void slotStartsWhenThreadBecomesAvailable() {
        threads.failWith(new OutOfMemoryError("a test"));
        engine.overflow.put(task(), 0);
        engine.scheduler.wakeWorker();
        Fixture.until("it is tried over and over", () -> threads.failed.get() >= 3);

        assertRunsWhenThreadIsAvailable();
    }

    @Test
    void slotWithPermitStartsWhenThreadBecomesAvailable() {
        threads.failWith(new OutOfMemoryError("a test"));
        engine.overflow.put(task(), 0);
        assertThat(engine.wakeToRun()).isTrue();
        assertThat(threads.started).isEmpty();

        assertRunsWhenThreadIsAvailable();
    }

    @Test
    void engineStartsActionWhenThreadBecomesAvailable() {
        AtomicInteger tries = new AtomicInteger();
        engine.scheduler.start(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new OutOfMemoryError("a test");
            }
        });
        Fixture.until("it has been started", () -> tries.get() == 3);
    }

    @Test
    void engineUsesLastTaskCostForSpinningAndThrottling() {
        assertThat(engine.scheduler.wakeThrottle.isThrottling()).isFalse();
        engine.scheduler.recordCost(100, System.nanoTime());
        assertThat(engine.scheduler.searchSpins()).as("spins for tiny tasks").isEqualTo(200);
        assertThat(engine.scheduler.wakeThrottle.isThrottling()).isTrue();
    }

    @Test
    void engineHasNoDeadlineWhenDurationIsEndless() {
        assertThat(beginsRound(Duration.ofSeconds(Long.MAX_VALUE))).isFalse();
        assertThat(beginsRound(Duration.ofDays(1))).isTrue();
    }

    private boolean beginsRound(Duration deadline) {
        return threads.engine(QueueSettings.defaults().withDeadline(deadline))
                .round
                .begin();
    }

    @Test
    void roundIsEndedByFirstAbortThatIsStillDue() {
        engine.round.abort(RoundAbort.ofDeadline("default", 0, Duration.ofDays(1)), () -> false);
        assertThat(engine.round.abortException()).isNull();
        engine.round.abort(RoundAbort.ofFailure("default", 0, new IOException("first")), () -> true);
        engine.round.abort(RoundAbort.ofDeadline("default", 0, Duration.ofDays(1)), () -> true);
        assertThat(engine.round.abortException())
                .isInstanceOf(QueueFailedException.class)
                .hasRootCauseMessage("first");
    }

    private void assertRunsWhenThreadIsAvailable() {
        threads.failWith(null);
        Fixture.until("there is a thread", () -> !threads.started.isEmpty());
        threads.started.remove().run();
        assertThat(SnapshotSource.of(engine).completed()).isOne();
    }

    private static Callable<?> task() {
        return () -> 1;
    }

    @Test
    void failedStageCountsAsFailedAndIsNotRetriedWhenQueueCloses() {
        List<AbandonedTask> abandoned = new ArrayList<>();
        QueueEngine retrying = threads.engine(QueueSettings.defaults()
                .withWorkers(1)
                .withExceptionHandler(failure -> {})
                .withAbandonedTaskHandler(abandoned::add)
                .withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        CompletableFuture<String> stage = new CompletableFuture<>();
        retrying.overflow.put(retrying.tasks.createAsync(() -> stage, TaskOptions.defaults()), 0);
        retrying.scheduler.wakeWorker();
        threads.started.remove().run();
        stage.completeExceptionally(new IOException("before the close"));

        new Abandonment(List.of(retrying.shutdown)).run();
        while (!threads.started.isEmpty()) {
            threads.started.remove().run();
        }

        QueueSnapshot figures = SnapshotSource.of(retrying);
        assertThat(figures.cancelled()).isEqualTo(abandoned.size());
        assertThat(figures.failed()).isOne();
        assertThat(figures.depth()).isZero();
    }
}
