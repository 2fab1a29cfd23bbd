package io.github.workerqueue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Bounded execution of tasks with results in order: the queue, and its alternatives. Each contender keeps at most
 * {@code workers} tasks running and, where it can, {@code maxsize} waiting. Some are references rather than rivals:
 * they do less, and show the remaining overhead.
 */
interface Contender extends AutoCloseable {

    /** Runs a task so many times and returns the non-null results in order. */
    List<Object> run(int tasks, Callable<@Nullable Object> task) throws Exception;

    /** Runs a task like {@link #run(int, Callable)}, but several threads put an equal share each. */
    default List<Object> run(Producers producers, int tasks, Callable<@Nullable Object> task) throws Exception {
        throw new UnsupportedOperationException("One producer only");
    }

    @Override
    void close();

    static Contender of(String name, int workers, int maxsize) {
        return switch (name) {
            case "queue-virtual", "queue-platform" ->
                QueueContender.of(workers, maxsize, QueueContender.isVirtual(name));
            case "pool-blocking-put" -> PoolContender.withBlockingPut(workers, maxsize);
            case "semaphore-virtual" -> PermitsContender.of(workers);
            case "two-semaphores-virtual" -> PermitsContender.of(workers, maxsize);
            case "map-concurrent" -> ofJdk24("MapConcurrentContender", workers);
            case "parallel-collectors" -> ofJdk24("ParallelCollectorsContender", workers);
            case "reactor" -> new ReactorContender(workers, maxsize);
            case "unbounded-pool" -> PoolContender.unbounded(workers);
            case "ring" -> new RingContender(maxsize);
            case "spsc-ring" -> new SpscRingContender(maxsize);
            case "sleepers-virtual" -> SleepersContender.virtual(workers);
            case "sleepers-platform" -> SleepersContender.platform(workers);
            default -> throw new IllegalArgumentException("No contender is named " + name);
        };
    }

    private static Contender ofJdk24(String type, int workers) {
        try {
            return (Contender) Class.forName(Contender.class.getPackageName() + "." + type)
                    .getDeclaredConstructor(int.class)
                    .newInstance(workers);
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException(type + " needs Java 24, to compile and to run", ex);
        }
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

    /** Returns a daemon thread. */
    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    /** Threads that put concurrently, and that live longer than a run. */
    record Producers(ExecutorService pool, int count) {

        /** Calls the same code on each thread, and returns the results. */
        <R> List<R> each(Callable<R> share) throws InterruptedException, ExecutionException {
            List<R> given = new ArrayList<>();
            for (Future<R> future : pool.invokeAll(Collections.nCopies(count, share))) {
                given.add(future.get());
            }
            return given;
        }
    }
}
