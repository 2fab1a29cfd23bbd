package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A thread pool and a list of futures. */
record PoolContender(ExecutorService pool) implements Contender {

    /** Returns a pool with an ArrayBlockingQueue and a rejection handler that puts, as in many applications. */
    static PoolContender withBlockingPut(int workers, int maxsize) {
        return of(workers, new ArrayBlockingQueue<>(maxsize), (command, executor) -> {
            try {
                executor.getQueue().put(command);
            } catch (InterruptedException ex) {
                throw new RejectedExecutionException(ex);
            }
        });
    }

    /** Returns a pool with an unbounded queue, as a reference. */
    static PoolContender unbounded(int workers) {
        return of(workers, new LinkedBlockingQueue<>(), new ThreadPoolExecutor.AbortPolicy());
    }

    private static PoolContender of(int workers, BlockingQueue<Runnable> queue, RejectedExecutionHandler whenFull) {
        return new PoolContender(
                new ThreadPoolExecutor(workers, workers, 1, TimeUnit.MINUTES, queue, Contender::daemon, whenFull));
    }

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) throws Exception {
        List<Future<?>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(pool.submit(task));
        }
        return Contender.results(futures);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
