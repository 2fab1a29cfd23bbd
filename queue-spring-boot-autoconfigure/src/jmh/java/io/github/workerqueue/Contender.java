package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What runs tasks with a bound and gives their results in order: the queue, and what one would write or take instead. Each
 * keeps at most {@code workers} tasks running and, where it can, {@code maxsize} waiting.
 */
interface Contender extends AutoCloseable {

    /** Runs a task so many times and returns the non-null results in order. */
    List<Object> run(int tasks, Callable<@Nullable Object> task) throws Exception;

    @Override
    void close();

    static Contender of(String name, int workers, int maxsize) {
        return switch (name) {
            case "queue-virtual" -> new Queue(workers, maxsize, true);
            case "queue-platform" -> new Queue(workers, maxsize, false);
            case "pool-blocking-put" -> Pool.withBlockingPut(workers, maxsize);
            case "semaphore-virtual" -> new Permits(workers, 0);
            case "two-semaphores-virtual" -> new Permits(workers, maxsize);
            case "reactor" -> new Reactor(workers, maxsize);
            case "unbounded-pool" -> Pool.unbounded(workers);
            default -> throw new IllegalArgumentException("No contender is named " + name);
        };
    }

    static List<Object> results(List<? extends Future<?>> futures) throws InterruptedException, ExecutionException {
        List<Object> results = new ArrayList<>(futures.size());
        for (Future<?> future : futures) {
            Object result = future.get();
            if (result != null) {
                results.add(result);
            }
        }
        return results;
    }

    /** The queue of this project, one factory, opened for each run as an application would. */
    final class Queue implements Contender {

        private final QueueFactory factory;

        Queue(int workers, int maxsize, boolean virtual) {
            this.factory = QueueFactory.create(QueueSettings.defaults()
                    .withWorkers(workers)
                    .withMaxsize(maxsize)
                    .withVirtualThreads(virtual));
        }

        @Override
        public List<Object> run(int tasks, Callable<@Nullable Object> task) throws InterruptedException {
            try (WorkerQueue<Object> queue = factory.open()) {
                for (int i = 0; i < tasks; i++) {
                    queue.put(task);
                }
                return queue.join();
            }
        }

        @Override
        public void close() {
            factory.close();
        }
    }

    /** A thread pool and a list of futures. */
    record Pool(ExecutorService pool) implements Contender {

        /** On an ArrayBlockingQueue, with a rejection handler that puts: what users write. */
        static Pool withBlockingPut(int workers, int maxsize) {
            return new Pool(new ThreadPoolExecutor(
                    workers, workers, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(maxsize), (command, executor) -> {
                        try {
                            executor.getQueue().put(command);
                        } catch (InterruptedException ex) {
                            throw new RejectedExecutionException(ex);
                        }
                    }));
        }

        /** On an unbounded queue: a reference, as it has no bound. */
        static Pool unbounded(int workers) {
            return new Pool(Executors.newFixedThreadPool(workers));
        }

        @Override
        public List<Object> run(int tasks, Callable<@Nullable Object> task) throws Exception {
            List<Future<?>> futures = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                futures.add(pool.submit(task));
            }
            return results(futures);
        }

        @Override
        public void close() {
            pool.shutdownNow();
        }
    }

    /**
     * Virtual threads that run while they hold a permit. With one semaphore the producer takes it, so that nothing waits; with
     * two it takes one of {@code workers + maxsize}, and the thread one of {@code workers}.
     */
    final class Permits implements Contender {

        private final ThreadFactory threads = VirtualThreads.factory("contender");

        private final Semaphore running;

        private final @Nullable Semaphore admitted;

        Permits(int workers, int maxsize) {
            this.running = new Semaphore(workers);
            this.admitted = maxsize == 0 ? null : new Semaphore(workers + maxsize);
        }

        @Override
        public List<Object> run(int tasks, Callable<@Nullable Object> task) throws Exception {
            List<Future<?>> futures = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                FutureTask<?> future = new FutureTask<>(task);
                if (admitted == null) {
                    running.acquire();
                    threads.newThread(() -> {
                                future.run();
                                running.release();
                            })
                            .start();
                } else {
                    admitted.acquire();
                    threads.newThread(() -> {
                                running.acquireUninterruptibly();
                                future.run();
                                running.release();
                                admitted.release();
                            })
                            .start();
                }
                futures.add(future);
            }
            return results(futures);
        }

        @Override
        public void close() {}
    }

    /** Reactor's flatMapSequential on a bounded elastic scheduler; the demand is its bound. */
    final class Reactor implements Contender {

        private final int workers;

        private final Scheduler scheduler;

        Reactor(int workers, int maxsize) {
            this.workers = workers;
            this.scheduler = Schedulers.newBoundedElastic(workers, workers + maxsize, "contender", 60, true);
        }

        @Override
        public List<Object> run(int tasks, Callable<@Nullable Object> task) {
            List<Object> results = Flux.range(0, tasks)
                    .flatMapSequential(i -> Mono.fromCallable(task).subscribeOn(scheduler), workers)
                    .collectList()
                    .block();
            return results == null ? List.of() : results;
        }

        @Override
        public void close() {
            scheduler.dispose();
        }
    }
}
