package io.github.workerqueue;

import org.jetbrains.lincheck.Lincheck;

/** Gives each slot that is woken a thread of its own, as the model checker controls only threads that begin and end with a run. */
final class ModelThreads extends WorkerThreads {

    /** Long tasks are worth no spinning, of which the model checker would follow every round; nor do they need a watch. */
    private static final long COST_NANOS = 1_000_000;

    static Engine engine(int workers, int maxsize) {
        return engine(workers, maxsize, new ModelThreads());
    }

    static Engine engine(int workers, int maxsize, WorkerThreads threads) {
        QueueSettings settings = QueueSettings.defaults()
                .withWorkers(workers)
                .withMaxsize(maxsize)
                .withExceptionHandler(failure -> {});
        Engine engine = new Engine(
                "model",
                1,
                settings,
                QueueListeners.NONE,
                threads,
                new Timer(),
                new Object(),
                null,
                null,
                closed -> {});
        engine.measured(COST_NANOS, 0);
        return engine;
    }

    /**
     * Lets Lincheck see the classes piece by piece. It gives each run 30 s, and on a busy machine the first, for which it
     * rewrites them all, would take longer and count as hung.
     */
    static void warmUp() {
        Lincheck.runConcurrentTest(1, () -> engine(1, 1));
        Lincheck.runConcurrentTest(1, () -> new Thread(() -> {}).start());
        Lincheck.runConcurrentTest(1, () -> engine(1, 1).entrance.offer(NamedTask.acting(() -> {})));
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
