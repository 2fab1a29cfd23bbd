package io.github.workerqueue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Program that uses all operations of a queue in turn, for hundreds of millions of tasks in one JVM with a small heap
 * ({@code -Xmx64m}). At the end, put must be the sum of completed, failed and cancelled. The heap and the number of
 * threads must not have grown since the first tenth. Otherwise, the program exits with 1. Arguments: virtual or
 * platform, and the number of tasks (500 million).
 */
public final class Soak {

    private static final Logger logger = LoggerFactory.getLogger(Soak.class);

    private static final int PARTS = 20;

    private static final int BULK = 500_000;

    private static final int BATCH = 2_000;

    private static final long HEAP_TOLERANCE = 6_000_000;

    private final LongAdder handled = new LongAdder();

    private final LongAdder abandoned = new LongAdder();

    private final QueueFactory factory;

    /** Number of tasks put into queues that are closed. */
    private long put;

    private long ended;

    private Soak(boolean virtual) {
        QueueSettings settings = QueueContender.settings(Contest.WORKERS, Contest.MAXSIZE, virtual)
                .withExceptionHandler(failure -> handled.increment())
                .withAbandonedTaskHandler(task -> abandoned.increment());
        this.factory = QueueFactory.builder()
                .defaults(settings)
                .instance("shared", settings.withTotalWorkers(4))
                .instance("fast", settings.withFailFast(true))
                .instance("late", settings.withDeadline(Duration.ofMillis(2)))
                .instance("limited", settings.withTaskTimeout(Duration.ofMillis(50)))
                .build();
    }

    public static void main(String[] args) throws Exception {
        long tasks = args.length > 1 ? Long.parseLong(args[1]) : 500_000_000;
        Soak soak = new Soak(args[0].equals("virtual"));
        long start = System.nanoTime();
        long heapBefore = Long.MAX_VALUE;
        int threadsBefore = 0;
        long heap = 0;
        int threads = 0;
        for (int part = 1; part <= PARTS; part++) {
            while (soak.put < tasks / PARTS * part) {
                soak.round();
            }
            heap = Footprint.used();
            threads = Thread.activeCount();
            if (part <= PARTS / 10) {
                heapBefore = heap;
                threadsBefore = Math.max(threadsBefore, threads);
            }
            logger.info(String.format(
                    Locale.ROOT,
                    "%,d tasks, %,d failures handled, %,d abandoned, %.1f MB of heap, %d threads, %.0f s",
                    soak.put,
                    soak.handled.sum(),
                    soak.abandoned.sum(),
                    heap / 1e6,
                    threads,
                    (System.nanoTime() - start) / 1e9));
        }
        boolean lost = soak.put != soak.ended;
        boolean grown = heap > heapBefore + HEAP_TOLERANCE || threads > threadsBefore + Contest.WORKERS;
        logger.info("put {}, ended {}; lost: {}, grown: {}", soak.put, soak.ended, lost, grown);
        soak.factory.close();
        System.exit(lost || grown ? 1 : 0);
    }

    private void round() throws Exception {
        use("default", this::consume);
        use("default", this::collect);
        use("default", this::submit);
        use("default", this::complete);
        use("default", this::cancel);
        use("default", this::operate);
        use("limited", this::collect);
        use("shared", this::nest);
        endEarly("fast");
        endEarly("late");
        closeEarly();
    }

    private interface Use {

        void of(WorkerQueue<Object> queue) throws Exception;
    }

    private void use(String name, Use use) throws Exception {
        WorkerQueue<Object> queue = factory.open(name);
        use.of(queue);
        queue.close();
        count(queue);
    }

    private synchronized void count(WorkerQueue<?> queue) {
        QueueSnapshot figures = queue.snapshot();
        put += figures.put();
        ended += figures.completed() + figures.failed() + figures.cancelled();
    }

    private void consume(WorkerQueue<Object> queue) throws InterruptedException {
        for (int i = 0; i < BULK; i++) {
            queue.put(() -> null);
        }
    }

    private void collect(WorkerQueue<Object> queue) throws InterruptedException {
        for (int i = 0; i < BULK / 10; i++) {
            int number = i;
            queue.put(() -> {
                if (number % 1_000 == 0) {
                    throw new IOException();
                }
                return number;
            });
            if (i % BATCH == 0) {
                queue.join();
            }
        }
    }

    private void submit(WorkerQueue<Object> queue) throws Exception {
        for (int i = 0; i < BATCH; i++) {
            CompletableFuture<Integer> future = queue.submit(() -> 1);
            if (i % 100 == 0) {
                future.cancel(true);
            } else if (i % 10 == 0) {
                future.get();
            }
        }
    }

    private void complete(WorkerQueue<Object> queue) throws InterruptedException {
        for (int i = 0; i < BATCH; i++) {
            boolean later = i % 10 == 0;
            queue.putAsync(() -> later ? CompletableFuture.supplyAsync(() -> 1) : CompletableFuture.completedFuture(1));
        }
    }

    private void cancel(WorkerQueue<Object> queue) throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            queue.put(() -> {
                new CountDownLatch(1).await();
                return 1;
            });
            queue.putAsync(CompletableFuture::new);
            queue.put(() -> 1);
            queue.cancel();
            queue.join();
        }
    }

    private void operate(WorkerQueue<Object> queue) throws InterruptedException {
        for (int i = 1; i <= 50; i++) {
            queue.pause();
            for (int task = 0; task < Contest.MAXSIZE; task++) {
                queue.put(() -> 1);
            }
            queue.resize(i);
            queue.resume();
            queue.join();
        }
    }

    private void nest(WorkerQueue<Object> queue) throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            queue.execute(() -> use("shared", nested -> {
                for (int task = 0; task < 20; task++) {
                    nested.put(() -> 1);
                }
                nested.join();
            }));
        }
    }

    private void endEarly(String name) throws Exception {
        WorkerQueue<Object> queue = factory.open(name);
        try {
            for (int i = 0; i < BATCH; i++) {
                int number = i;
                queue.put(() -> {
                    if (number == BATCH / 2) {
                        throw new ExecutionException(new IOException());
                    }
                    return number;
                });
            }
            queue.join();
        } catch (QueueFailedException | QueueDeadlineException ex) {
            // expected
        }
        queue.close();
        count(queue);
    }

    private void closeEarly() throws InterruptedException {
        List<WorkerQueue<Object>> queues = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            WorkerQueue<Object> queue = factory.open();
            for (int task = 0; task < Contest.MAXSIZE; task++) {
                queue.put(() -> 1);
            }
            queue.close(Duration.ZERO);
            queues.add(queue);
        }
        for (WorkerQueue<Object> queue : queues) {
            while (!queue.asExecutorService().isTerminated()) {
                Thread.onSpinWait();
            }
            count(queue);
        }
    }
}
