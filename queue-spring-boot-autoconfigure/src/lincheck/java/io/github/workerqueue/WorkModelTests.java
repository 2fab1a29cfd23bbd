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
 * No task is left lying: a slot that is woken gets no thread but waits until a call lends it one, so what slots do is part of
 * the model as the puts are. Once every slot that was woken has run, every task has.
 */
public class WorkModelTests {

    static final int WORKERS = 1;

    static final int MAXSIZE = 3;

    private final Started started = new Started();

    private final QueueEngine engine = ModelThreads.engine(ModelThreads.settings(WORKERS, MAXSIZE), started);

    private final AtomicInteger accepted = new AtomicInteger();

    private final AtomicInteger ran = new AtomicInteger();

    public WorkModelTests() {
        wakeInVain();
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

    /** Lends a thread to a slot that was woken. */
    @Operation
    public void work() {
        Runnable slot = started.slots.poll();
        if (slot != null) {
            slot.run();
        }
    }

    /** What is left of a put whose task another slot has taken: a slot that searches. */
    private void wakeInVain() {
        WorkerSlot slot = engine.slots.takeToSearch();
        if (slot != null) {
            slot.start();
        }
    }

    @Validate
    public void noTaskIsLeftLying() {
        while (!started.slots.isEmpty()) {
            work();
        }
        ModelThreads.require(engine.ring.isEmpty(), "a task is left lying");
        ModelThreads.require(ran.get() == accepted.get(), "a task did not run, or ran twice");
        ModelThreads.require(engine.slots.running() == 0, "a slot runs that has ended");
    }

    /** The slots that were woken and have no thread yet. */
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
