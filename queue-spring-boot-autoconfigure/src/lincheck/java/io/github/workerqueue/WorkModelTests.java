package io.github.workerqueue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Tests that no task is stranded: when all woken slots have run, all tasks have run. A woken slot receives no thread,
 * but waits until an operation lends it one. The steps of slots are therefore part of the model, as puts are.
 */
public class WorkModelTests {

    static final int WORKERS = 1;

    static final int MAXSIZE = 3;

    private final Started started = new Started();

    private final QueueEngine engine = ModelThreads.engine(ModelThreads.settings(WORKERS, MAXSIZE), started);

    private final AtomicInteger accepted = new AtomicInteger();

    private final AtomicInteger ran = new AtomicInteger();

    public WorkModelTests() {
        wakeWithoutTask();
    }

    @Test
    void modelChecking() {
        new ModelCheckingOptions()
                .iterations(4)
                .invocationsPerIteration(5_000)
                .threads(2)
                .actorsBefore(0)
                .actorsPerThread(1)
                .actorsAfter(0)
                .recursionBound(ModelThreads.RECURSION_BOUND)
                .check(WorkModelTests.class);
    }

    @Test
    void stress() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(4)
                .check(WorkModelTests.class);
    }

    @Operation
    public void offer() {
        if (engine.admission.offer(NamedTask.ofAction(ran::incrementAndGet))) {
            accepted.incrementAndGet();
        }
    }

    /** Lends the current thread to a woken slot. */
    @Operation
    public void work() {
        Runnable slot = started.slots.poll();
        if (slot != null) {
            slot.run();
        }
    }

    /** Wakes a slot to search, as after a put whose task another slot has already taken. */
    private void wakeWithoutTask() {
        WorkerSlot slot = engine.slots.takeToSearch();
        if (slot != null) {
            slot.start();
        }
    }

    @Validate
    public void tasksHaveAllRunWhenWokenSlotsHaveRun() {
        while (!started.slots.isEmpty()) {
            work();
        }
        ModelThreads.require(engine.ring.isEmpty(), "a task is left lying");
        ModelThreads.require(ran.get() == accepted.get(), "a task did not run, or ran twice");
        ModelThreads.require(engine.slots.running() == 0, "a slot runs that has ended");
    }

    /** Woken slots without a thread. */
    private static final class Started extends WorkerThreads {

        private final Queue<Runnable> slots = new ConcurrentLinkedQueue<>();

        @Override
        Runnable starter(Runnable work, String name) {
            return () -> slots.add(work);
        }

        @Override
        void close() {}
    }
}
