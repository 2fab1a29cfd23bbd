package io.github.workerqueue;

import java.util.Locale;

/**
 * Program that puts many tasks without results into one queue without joining it. Neither speed nor memory may depend
 * on the number of tasks. The heap should be small, such as {@code -Xmx32m}. The program fails if the last tenth of the
 * tasks took more than 1.1 times as long as the second. Arguments: virtual or platform, and the number of tasks (100
 * million).
 */
public final class LongRun {

    static final String LAST_TO_SECOND = "last-to-second";

    private static final int PARTS = 10;

    private static final double LIMIT = 1.10;

    private LongRun() {}

    public static void main(String[] args) throws InterruptedException {
        boolean virtual = args[0].equals("virtual");
        long part = (args.length > 1 ? Long.parseLong(args[1]) : 100_000_000) / PARTS;
        double[] seconds = new double[PARTS];
        try (QueueFactory factory =
                        QueueFactory.create(QueueContender.settings(Contest.WORKERS, Contest.MAXSIZE, virtual));
                WorkerQueue<Object> queue = factory.open()) {
            for (int i = 0; i < PARTS; i++) {
                seconds[i] = put(queue, part);
                System.out.printf(
                        Locale.ROOT,
                        "%,d tasks: %,.0f tasks/s, %.1f MB of heap used%n",
                        part * (i + 1),
                        part / seconds[i],
                        Footprint.used() / 1e6);
            }
        }
        double ratio = seconds[PARTS - 1] / seconds[1];
        System.out.printf(Locale.ROOT, "%s=%.3f%n", LAST_TO_SECOND, ratio);
        System.exit(ratio > LIMIT ? 1 : 0);
    }

    private static double put(WorkerQueue<Object> queue, long tasks) throws InterruptedException {
        long start = System.nanoTime();
        for (long i = 0; i < tasks; i++) {
            queue.put(() -> null);
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
