package io.github.workerqueue;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Delay between the put of a task into an idle open queue and its start. The producer sleeps afterwards. If it spun, it
 * would keep a core from the worker, and the benchmark would measure the scheduler. Argument: virtual or platform.
 */
public final class WakeUps {

    static final String P50 = "p50-micros";

    static final String P99 = "p99-micros";

    private static final int WARM_UP = 3_000;

    private static final int PUTS = 10_000;

    /** Pause after which a worker has stopped spinning and released its thread. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private WakeUps() {}

    public static void main(String[] args) throws InterruptedException {
        boolean virtual = args[0].equals("virtual");
        try (QueueFactory factory =
                        QueueFactory.create(QueueContender.settings(Contest.WORKERS, Contest.MAXSIZE, virtual));
                WorkerQueue<Long> queue = factory.open()) {
            measure(queue, WARM_UP);
            long[] waits = measure(queue, PUTS);
            Arrays.sort(waits);
            print(P50, waits[PUTS / 2]);
            print(P99, waits[PUTS * 99 / 100]);
        }
        System.exit(0);
    }

    private static long[] measure(WorkerQueue<Long> queue, int puts) throws InterruptedException {
        long[] waits = new long[puts];
        for (int i = 0; i < puts; i++) {
            long put = System.nanoTime();
            queue.put(System::nanoTime);
            LockSupport.parkNanos(PAUSE_NANOS);
            waits[i] = queue.join().get(0) - put;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return waits;
    }

    private static void print(String name, long nanos) {
        System.out.printf(Locale.ROOT, "%s=%.1f%n", name, nanos / 1e3);
    }
}
