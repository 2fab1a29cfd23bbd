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

    private final WakeThrottle watch = engine.wakeThrottle;

    private void put() {
        assertThat(engine.ring.offer("task", 0, 0, Ring.ANY_EPOCH)).isTrue();
    }

    @Test
    void throttleIsActiveOnlyWhenTasksAreTiny() {
        long now = System.nanoTime();
        assertThat(watch.isThrottling()).isFalse();

        watch.recordCost(LONG, now);
        assertThat(watch.isThrottling()).isFalse();
        assertThat(started).isEmpty();

        watch.recordCost(TINY, now);
        assertThat(watch.isThrottling()).isTrue();
        assertThat(started).as("one looks").hasSize(1);

        watch.recordCost(LONG, now);
        assertThat(watch.isThrottling()).isFalse();
        watch.recordCost(TINY, now);
        watch.recordCost(TINY, now);
        assertThat(watch.isThrottling()).isTrue();
        assertThat(started).as("the same one looks on").hasSize(1);
    }

    @Test
    void throttleIsInactiveWhenQueueHasOneWorker() {
        WakeThrottle alone = threads.engine(1).wakeThrottle;

        alone.recordCost(TINY, System.nanoTime());

        assertThat(alone.isThrottling()).isFalse();
    }

    @Test
    void throttleIsInactiveWhenItsWatchCannotStart() {
        threads.failWith(new OutOfMemoryError("no thread"));
        watch.recordCost(TINY, System.nanoTime());

        assertThat(watch.isThrottling()).isFalse();
    }

    @Test
    void throttleEndsWhenNoTaskIsTaken() {
        watch.recordCost(TINY, System.nanoTime());
        started.remove().run();

        assertThat(watch.isThrottling()).isFalse();
        watch.recordCost(TINY, System.nanoTime());
        assertThat(watch.isThrottling()).as("nothing had to wait").isTrue();
    }

    @Test
    void throttleWakesSlotAndPausesWhenTasksHadToWait() {
        watch.recordCost(TINY, System.nanoTime());
        Runnable look = started.remove();
        put();
        long before = System.nanoTime();
        look.run();
        long after = System.nanoTime();

        assertThat(started).hasSize(1).hasOnlyElementsOfType(WorkerSlot.class);
        watch.recordCost(TINY, before + DISTRUST_NANOS);
        assertThat(watch.isThrottling()).isFalse();
        watch.recordCost(TINY, after + DISTRUST_NANOS);
        assertThat(watch.isThrottling()).isTrue();
    }

    @Test
    void engineWakesNoFurtherSlotWhenTasksAreTiny() {
        engine.slots.takeToSearch();
        assertThat(engine.slots.startRunning()).isTrue();
        watch.recordCost(TINY, System.nanoTime());
        started.remove();
        put();
        engine.wakeWorker();
        assertThat(started).isEmpty();

        watch.recordCost(LONG, System.nanoTime());
        assertThat(started).hasSize(1).hasOnlyElementsOfType(WorkerSlot.class);
    }

    @Test
    void engineWakesSlotWhenTasksAreTinyAndNoSlotRuns() {
        watch.recordCost(TINY, System.nanoTime());
        started.remove();
        put();
        engine.wakeWorker();

        assertThat(started).hasSize(1).hasOnlyElementsOfType(WorkerSlot.class);
    }
}
