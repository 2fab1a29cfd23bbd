package io.github.workerqueue;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Cost of idle queues: the heap of each, and the threads and the CPU time of all. A larger maxsize adds only the array
 * of the ring to the heap. The serial collector ({@code -XX:+UseSerialGC}) gives the most exact measurements. Argument:
 * virtual or platform.
 */
public final class Footprint {

    /** Bytes of a queue that was never used, with the smallest ring. */
    static final String BYTES_BESIDE_RING = "bytes-of-queue-with-maxsize-1";

    /** Bytes of a queue that ran a task. */
    static final String BYTES_USED = "bytes-of-queue-that-ran-a-task";

    static final String THREADS = "threads-of-idle-queues";

    static final String IDLE_CPU = "cpu-millis-of-an-idle-second";

    private static final int QUEUES = 10_000;

    private static final int COLLECTIONS = 4;

    private Footprint() {}

    public static void main(String[] args) throws InterruptedException {
        boolean virtual = args[0].equals("virtual");
        try (QueueFactory factory =
                QueueFactory.create(QueueContender.settings(Contest.WORKERS, Contest.MAXSIZE, virtual))) {
            runOneTaskEach(List.of(factory.open()));
            bytes(factory, Contest.MAXSIZE, false); // loads and initializes the classes that all queues share
            long small = bytes(factory, 1, false);
            long large = bytes(factory, Contest.MAXSIZE, false);
            print("bytes-of-queue-with-maxsize-50", large);
            print(BYTES_BESIDE_RING, small);
            print("bytes-of-ring-of-50", large - small);
            print(BYTES_USED, bytes(factory, Contest.MAXSIZE, true));
        }
        idle(virtual);
    }

    /** Returns the bytes of one of many open queues. */
    private static long bytes(QueueFactory factory, int maxsize, boolean used) throws InterruptedException {
        List<WorkerQueue<?>> queues = new ArrayList<>(QUEUES);
        long before = live();
        open(factory, maxsize, queues);
        if (used) {
            runOneTaskEach(queues);
        }
        long bytes = (live() - before) / queues.size();
        queues.forEach(WorkerQueue::close);
        return bytes;
    }

    private static void idle(boolean virtual) throws InterruptedException {
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        try (QueueFactory factory =
                QueueFactory.create(QueueContender.settings(Contest.WORKERS, Contest.MAXSIZE, virtual))) {
            List<WorkerQueue<?>> queues = new ArrayList<>(QUEUES);
            open(factory, Contest.MAXSIZE, queues);
            runOneTaskEach(queues);
            TimeUnit.MILLISECONDS.sleep(1500);
            print(THREADS, ManagementFactory.getThreadMXBean().getThreadCount() - before);
            long spent = cpuTime();
            TimeUnit.SECONDS.sleep(1);
            print(IDLE_CPU, TimeUnit.NANOSECONDS.toMillis(cpuTime() - spent));
        }
    }

    private static void open(QueueFactory factory, int maxsize, List<WorkerQueue<?>> queues) {
        for (int i = 0; i < QUEUES; i++) {
            queues.add(factory.open(settings -> settings.withMaxsize(maxsize)));
        }
    }

    private static void runOneTaskEach(List<WorkerQueue<?>> queues) throws InterruptedException {
        for (WorkerQueue<?> queue : queues) {
            queue.put(() -> null);
        }
        for (WorkerQueue<?> queue : queues) {
            queue.join();
        }
    }

    /** Returns the bytes in use after garbage collections. */
    private static long live() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return used();
    }

    static long used() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long cpuTime() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static void print(String figure, long value) {
        System.out.println(figure + "=" + value);
    }
}
