package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the watch does, step by step: it is the test that runs what is started. */
class WatchStepTests {

    private static final long TINY = 500;

    private static final long LONG = 501;

    private static final long DISTRUST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final HeldThreads threads = new HeldThreads();

    private final Queue<Runnable> started = threads.started;

    private final Engine engine = threads.engine(4);

    private final Watch watch = engine.watch;

    private void put() {
        assertThat(engine.ring.offer("task", 0, 0, Ring.ANY_EPOCH)).isTrue();
    }

    @Test
    void slotsAreSparedWhileTasksAreTiny() {
        long now = System.nanoTime();
        assertThat(watch.isSparing()).isFalse();

        watch.measured(LONG, now);
        assertThat(watch.isSparing()).isFalse();
        assertThat(started).isEmpty();

        watch.measured(TINY, now);
        assertThat(watch.isSparing()).isTrue();
        assertThat(started).as("one looks").hasSize(1);

        watch.measured(LONG, now);
        assertThat(watch.isSparing()).isFalse();
        watch.measured(TINY, now);
        watch.measured(TINY, now);
        assertThat(watch.isSparing()).isTrue();
        assertThat(started).as("the same one looks on").hasSize(1);
    }

    @Test
    void aQueueOfOneWorkerHasNoneToSpare() {
        Watch alone = threads.engine(1).watch;

        alone.measured(TINY, System.nanoTime());

        assertThat(alone.isSparing()).isFalse();
    }

    @Test
    void noneIsSparedWhereNobodyCanLook() {
        threads.failWith(new OutOfMemoryError("no thread"));
        watch.measured(TINY, System.nanoTime());

        assertThat(watch.isSparing()).isFalse();
    }

    @Test
    void whoLooksEndsWhereNothingIsTaken() {
        watch.measured(TINY, System.nanoTime());
        started.remove().run();

        assertThat(watch.isSparing()).isFalse();
        watch.measured(TINY, System.nanoTime());
        assertThat(watch.isSparing()).as("nothing had to wait").isTrue();
    }

    @Test
    void whereTasksHadToWaitASlotIsWokenAndNoneIsSparedForAWhile() {
        watch.measured(TINY, System.nanoTime());
        Runnable look = started.remove();
        put();
        long before = System.nanoTime();
        look.run();
        long after = System.nanoTime();

        assertThat(started).hasSize(1).hasOnlyElementsOfType(Slot.class);
        watch.measured(TINY, before + DISTRUST_NANOS);
        assertThat(watch.isSparing()).isFalse();
        watch.measured(TINY, after + DISTRUST_NANOS);
        assertThat(watch.isSparing()).isTrue();
    }

    @Test
    void whileTasksAreTinyNoSlotIsWokenBesideOneThatRuns() {
        engine.slots.wake();
        assertThat(engine.slots.startRunning()).isTrue();
        watch.measured(TINY, System.nanoTime());
        started.remove();
        put();
        engine.wakeWorker();
        assertThat(started).isEmpty();

        watch.measured(LONG, System.nanoTime());
        assertThat(started).hasSize(1).hasOnlyElementsOfType(Slot.class);
    }

    @Test
    void whileTasksAreTinyOneSlotIsWoken() {
        watch.measured(TINY, System.nanoTime());
        started.remove();
        put();
        engine.wakeWorker();

        assertThat(started).hasSize(1).hasOnlyElementsOfType(Slot.class);
    }
}
