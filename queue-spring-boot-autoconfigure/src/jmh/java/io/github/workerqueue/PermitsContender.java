package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that run while they hold a permit. With one semaphore the producer takes it, so no task waits. With
 * two, it takes one of {@code workers + maxsize}, and the thread one of {@code workers}.
 */
record PermitsContender(Semaphore running, @Nullable Semaphore admitted) implements Contender {

    /** Thread factory of all requests. Each request creates only its semaphores. */
    private static final ThreadFactory THREADS = VirtualThreads.factory("contender");

    static PermitsContender of(int workers) {
        return new PermitsContender(new Semaphore(workers), null);
    }

    static PermitsContender of(int workers, int maxsize) {
        return new PermitsContender(new Semaphore(workers), new Semaphore(workers + maxsize));
    }

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) throws Exception {
        return Contender.results(start(tasks, task));
    }

    @Override
    public List<Object> run(Producers producers, int tasks, Callable<@Nullable Object> task) throws Exception {
        List<Future<?>> futures = new ArrayList<>(tasks);
        producers.each(() -> start(tasks / producers.count(), task)).forEach(futures::addAll);
        return Contender.results(futures);
    }

    private List<Future<?>> start(int tasks, Callable<@Nullable Object> task) throws InterruptedException {
        List<Future<?>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            FutureTask<?> future = new FutureTask<>(task);
            if (admitted == null) {
                running.acquire();
                THREADS.newThread(() -> {
                            future.run();
                            running.release();
                        })
                        .start();
            } else {
                admitted.acquire();
                THREADS.newThread(() -> {
                            running.acquireUninterruptibly();
                            future.run();
                            running.release();
                            admitted.release();
                        })
                        .start();
            }
            futures.add(future);
        }
        return futures;
    }

    @Override
    public void close() {}
}
