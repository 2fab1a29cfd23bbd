package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests for single steps of the wake-up throttling. The test runs the started threads itself. */
class WakeThrottleStepTests {

    private static final long TINY = 500;

    private static final long LONG = 501;

    private static final long DISTRUST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final HeldThreads threads = new HeldThreads();

    private final Queue<Runnable> started = threads.started;

    private final QueueEngine engine = threads.engine(4);

    private final WakeThrottle throttle = engine.scheduler.wakeThrottle;

    private void put() {
        assertThat(engine.ring.offer("task", 0, 0, Ring.ANY_EPOCH)).isTrue();
    }

    @Test
    void throttleIsActiveOnlyWhenTasksAreTiny() {
        long now = System.nanoTime();
        assertThat(throttle.isThrottling()).isFalse();

        throttle.recordCost(LONG, now);
        assertThat(throttle.isThrottling()).isFalse();
        assertThat(started).isEmpty();

        throttle.recordCost(TINY, now);
        assertThat(throttle.isThrottling()).isTrue();
        assertThat(started).as("one looks").hasSize(1);

        throttle.recordCost(LONG, now);
        assertThat(throttle.isThrottling()).isFalse();
        throttle.recordCost(TINY, now);
        throttle.recordCost(TINY, now);
        assertThat(throttle.isThrottling()).isTrue();
        assertThat(started).as("the same one looks on").hasSize(1);
    }

    @Test
    void throttleIsInactiveWhenQueueHasOneWorker() {
        WakeThrottle alone = threads.engine(1).scheduler.wakeThrottle;

        alone.recordCost(TINY, System.nanoTime());

        assertThat(alone.isThrottling()).isFalse();
    }

    @Test
    void throttleIsInactiveWhenItsWatchCannotStart() {
        threads.failWith(new OutOfMemoryError("no thread"));
        throttle.recordCost(TINY, System.nanoTime());

        assertThat(throttle.isThrottling()).isFalse();
    }

    @Test
    void throttleEndsWhenNoTaskIsTaken() {
        throttle.recordCost(TINY, System.nanoTime());
        started.remove().run();

        assertThat(throttle.isThrottling()).isFalse();
        throttle.recordCost(TINY, System.nanoTime());
        assertThat(throttle.isThrottling()).as("nothing had to wait").isTrue();
    }

    @Test
    void throttleWakesSlotAndPausesWhenTasksHadToWait() {
        throttle.recordCost(TINY, System.nanoTime());
        Runnable look = started.remove();
        put();
        long before = System.nanoTime();
        look.run();
        long after = System.nanoTime();

        assertThat(started).hasSize(1).hasOnlyElementsOfType(WorkerSlot.class);
        throttle.recordCost(TINY, before + DISTRUST_NANOS);
        assertThat(throttle.isThrottling()).isFalse();
        throttle.recordCost(TINY, after + DISTRUST_NANOS);
        assertThat(throttle.isThrottling()).isTrue();
    }

    @Test
    void engineWakesNoFurtherSlotWhenTasksAreTiny() {
        engine.slots.takeToSearch();
        assertThat(engine.slots.startRunning()).isTrue();
        throttle.recordCost(TINY, System.nanoTime());
        started.remove();
        put();
        engine.scheduler.wakeWorker();
        assertThat(started).isEmpty();

        throttle.recordCost(LONG, System.nanoTime());
        assertThat(started).hasSize(1).hasOnlyElementsOfType(WorkerSlot.class);
    }

    @Test
    void engineWakesSlotWhenTasksAreTinyAndNoSlotRuns() {
        throttle.recordCost(TINY, System.nanoTime());
        started.remove();
        put();
        engine.scheduler.wakeWorker();

        assertThat(started).hasSize(1).hasOnlyElementsOfType(WorkerSlot.class);
    }
}
