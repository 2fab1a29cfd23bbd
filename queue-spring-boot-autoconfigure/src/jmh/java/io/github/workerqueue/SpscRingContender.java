package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The textbook ring between one producer and one consumer, both of which always spin: a reference for a hand-over
 * without anything else. It does not start, stop or park threads, does not catch exceptions or count tasks, and
 * supports only one consumer. At most {@code maxsize} tasks wait or run. Each side reads the other's index only when
 * its own copy says full or empty.
 */
final class SpscRingContender implements Contender {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(Object[].class);

    private static final VarHandle INDEX;

    static {
        try {
            INDEX = MethodHandles.lookup().findVarHandle(Index.class, "value", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final int maxsize;

    private final @Nullable Object[] cells;

    private final Index put = new Index();

    private final Index done = new Index();

    private final Thread consumer = Contender.daemon(this::consume);

    /** Results of the current run. The consumer fills the list, and publishes it with its index. */
    private List<Object> results = List.of();

    private volatile boolean closed;

    private volatile @Nullable Throwable failure;

    SpscRingContender(int maxsize) {
        this.maxsize = maxsize;
        this.cells = new Object[Integer.highestOneBit(Math.max(maxsize * 2 - 1, 2))];
        consumer.start();
    }

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) {
        results = new ArrayList<>();
        long next = put.value;
        long end = next + tasks;
        long free = next + maxsize;
        while (next < end) {
            while (next == free) {
                spin();
                free = (long) INDEX.getAcquire(done) + maxsize;
            }
            CELL.setRelease(cells, (int) next & (cells.length - 1), task);
            INDEX.setRelease(put, ++next);
        }
        while ((long) INDEX.getAcquire(done) != end) {
            spin();
        }
        return results;
    }

    private void spin() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        Thread.onSpinWait();
    }

    private void consume() {
        long next = 0;
        long filled = 0;
        try {
            while (true) {
                while (next == filled) {
                    if (closed) {
                        return;
                    }
                    Thread.onSpinWait();
                    filled = (long) INDEX.getAcquire(put);
                }
                int cell = (int) next & (cells.length - 1);
                Object result = ((Callable<?>) CELL.getAcquire(cells, cell)).call();
                if (result != null) {
                    results.add(result);
                }
                CELL.setRelease(cells, cell, null);
                INDEX.setRelease(done, ++next);
            }
        } catch (Throwable ex) {
            failure = ex;
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** An index alone on its cache lines. */
    @SuppressWarnings("unused")
    private static final class Index extends IndexValue {

        private long a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
    }

    private static class IndexValue extends IndexPadding {

        long value;
    }

    @SuppressWarnings("unused")
    private static class IndexPadding {

        private long b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15;
    }
}
