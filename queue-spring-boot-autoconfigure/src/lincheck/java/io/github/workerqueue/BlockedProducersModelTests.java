package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tests for blocked producers, with the threads of the slots. Lincheck lets a park return at any time. It therefore
 * detects tasks that are lost, repeated or out of order, but no lost wake-ups, which {@code WakeUpStress} tests.
 */
class BlockedProducersModelTests {

    private static final int INVOCATIONS = Integer.getInteger("workerqueue.lincheck.invocations", 2_000);

    private static final QueueSettings SETTINGS = ModelThreads.settings(1, 1);

    @BeforeAll
    static void warmUp() {
        ModelThreads.warmUp();
    }

    @Test
    void blockedProducersPutAllTheirTasks() {
        ModelThreads.explore(INVOCATIONS, () -> {
            QueueEngine engine = ModelThreads.engine(SETTINGS);
            AtomicInteger ran = new AtomicInteger();
            List<Thread> producers = List.of(producer(engine, ran), producer(engine, ran));
            producers.forEach(Thread::start);
            await(producers);
            join(engine);
            ModelThreads.require(ran.get() == 4, "a task did not run");
        });
    }

    private static Thread producer(QueueEngine engine, AtomicInteger ran) {
        return new Thread(() -> {
            try {
                for (int i = 0; i < 2; i++) {
                    engine.admission.put(NamedTask.ofAction(ran::incrementAndGet), engine.ring.epoch());
                }
            } catch (InterruptedException ex) {
                throw new AssertionError(ex);
            }
        });
    }

    private static void join(QueueEngine engine) {
        try {
            engine.round.join(Object.class, Durations.FOREVER);
        } catch (Exception ex) {
            throw new AssertionError(ex);
        }
    }

    private static void await(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }
}
