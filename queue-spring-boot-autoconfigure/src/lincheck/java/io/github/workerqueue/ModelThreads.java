package io.github.workerqueue;

import java.nio.ByteBuffer;
import org.jetbrains.lincheck.Lincheck;

/** Gives each slot that is woken a thread of its own, as the model checker controls only threads that begin and end with a run. */
final class ModelThreads extends WorkerThreads {

    /** With fewer, something keeps Lincheck from looking for others. */
    private static final int MIN_ORDERS = 50;

    /** Long tasks are worth no spinning, of which the model checker would follow every round; nor do they need a watch. */
    private static final long COST_NANOS = 1_000_000;

    private static final DefaultQueueFactory FACTORY =
            (DefaultQueueFactory) QueueFactory.create(QueueSettings.defaults());

    /**
     * To be made before a run: it has a loop, in which the model checker makes the only thread give way, and it looks for no other
     * order after a switch that it was forced to.
     */
    static QueueSettings settings(int workers, int maxsize) {
        return QueueSettings.defaults()
                .withWorkers(workers)
                .withMaxsize(maxsize)
                .withExceptionHandler(failure -> {});
    }

    static QueueEngine engine(QueueSettings settings) {
        return engine(settings, new ModelThreads());
    }

    static QueueEngine engine(QueueSettings settings, WorkerThreads threads) {
        QueueEngine engine = new QueueEngine(
                "model",
                1,
                settings,
                CompositeQueueListener.NONE,
                threads,
                new QueueTimer(),
                FACTORY,
                null,
                null,
                closed -> {});
        engine.recordCost(COST_NANOS, 0);
        return engine;
    }

    /**
     * Lets Lincheck see the classes piece by piece. It gives each run 30 s, and on a busy machine the first, for which it
     * rewrites them all, would take longer and count as hung.
     */
    static void warmUp() {
        QueueSettings settings = settings(1, 1);
        Lincheck.runConcurrentTest(1, () -> engine(settings));
        Lincheck.runConcurrentTest(1, () -> new Thread(() -> {}).start());
        Lincheck.runConcurrentTest(1, () -> engine(settings).admission.offer(NamedTask.ofAction(() -> {})));
    }

    /** Goes through the orders of the steps of a run, as many as said or as there are. */
    static void explore(int invocations, Runnable run) {
        ByteBuffer runs = ByteBuffer.allocateDirect(Integer.BYTES); // what is on the heap is reset after each run
        Lincheck.runConcurrentTest(invocations, () -> {
            run.run();
            runs.putInt(0, runs.getInt(0) + 1);
        });
        require(runs.getInt(0) >= MIN_ORDERS, "only " + runs.getInt(0) + " orders were looked at");
    }

    /** What a library for assertions does inside would be part of the model. */
    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    Runnable starter(Runnable work, String name) {
        return () -> new Thread(work, name).start();
    }

    @Override
    void close() {}
}
