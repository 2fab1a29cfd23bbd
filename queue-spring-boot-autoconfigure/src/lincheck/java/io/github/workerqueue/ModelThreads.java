package io.github.workerqueue;

import java.nio.ByteBuffer;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;

/**
 * Worker threads that start a new thread for each woken slot, since the model checker controls only threads that begin
 * and end within a run.
 */
final class ModelThreads extends WorkerThreads {

    /** Minimum number of explored orders. With fewer, an obstacle keeps Lincheck from finding others. */
    private static final int MIN_ORDERS = 50;

    /**
     * Cost of a long task. Long tasks cause neither spinning, of which the model checker would explore each round, nor
     * throttled wake-ups.
     */
    private static final long COST_NANOS = 1_000_000;

    /** Depth from which Lincheck takes a recursion for a livelock: more than the frames of {@link StackGuard}. */
    static final int RECURSION_BOUND = 300;

    private static final QueueGroup GROUP = new QueueGroup((name, nanos) -> {});

    /**
     * Creates settings, which must happen before a run. It involves a loop, in which the model checker forces the only
     * thread to yield. After a forced switch, the model checker explores no other order.
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
        QueueContext context = new QueueContext(
                "default", 1, settings, CompositeQueueListener.NONE, threads, new QueueTimer(), GROUP, null);
        QueueEngine engine = new QueueEngine(context, null, null, closed -> {});
        engine.scheduler.recordCost(COST_NANOS, 0);
        return engine;
    }

    /**
     * Lets Lincheck transform the classes in several runs. Each run has a time limit of 30 s. If the first run
     * transformed all classes, it would exceed the limit on a busy machine and count as hung.
     */
    static void warmUp() {
        QueueSettings settings = settings(1, 1);
        run(1, () -> engine(settings));
        run(1, () -> new Thread(() -> {}).start());
        run(1, () -> engine(settings).admission.offer(NamedTask.ofAction(() -> {})));
    }

    /** Runs a test with a bound that the recursion of {@link StackGuard} does not reach. */
    private static void run(int invocations, Runnable run) {
        LincheckSettings defaults = new LincheckSettings();
        LincheckSettings settings = defaults.copy(
                defaults.getAnalyzeStdLib(),
                defaults.getLoopIterationsBeforeThreadSwitch(),
                defaults.getLoopBound(),
                RECURSION_BOUND);
        Lincheck.runConcurrentTestInternal$lincheck(invocations, settings, run);
    }

    /** Explores the orders of the steps of a run, up to the given number of invocations. */
    static void explore(int invocations, Runnable run) {
        ByteBuffer runs = ByteBuffer.allocateDirect(Integer.BYTES); // Lincheck resets the heap after each run
        run(invocations, () -> {
            run.run();
            runs.putInt(0, runs.getInt(0) + 1);
        });
        require(runs.getInt(0) >= MIN_ORDERS, "only " + runs.getInt(0) + " orders were looked at");
    }

    /**
     * Throws an {@code AssertionError} if the condition is false. An assertion library would become part of the model.
     */
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
