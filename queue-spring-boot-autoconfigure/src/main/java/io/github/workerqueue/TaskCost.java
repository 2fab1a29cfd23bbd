package io.github.workerqueue;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Measures how long the tasks take that one slot runs without a pause, and tells who asked. */
final class TaskCost {

    /*
     * A reading of the clock costs as much as a tiny task, so they are measured by the dozen. A clock counts the time in which
     * the thread was preempted, too, which looks like a task a thousand times as long; that seldom happens twice in a row, so
     * the lower of the last two measurements counts.
     */

    /** From here on a task is long: parking costs little beside it, and one is enough to measure. */
    static final long LONG_TASK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private static final int SPINS = 200;

    private static final int SPINS_WHILE_PRODUCERS_WAIT = 4 * SPINS;

    private static final int SPINS_WHERE_TASKS_ARE_LONG = SPINS / 20;

    private static final int TASKS = 64;

    private static final int FEWEST_TASKS = 16;

    private final LongSupplier clock;

    private final Reader reader;

    private long startTime;

    private int recordTask;

    private long last = Long.MAX_VALUE;

    TaskCost(LongSupplier clock, Reader reader) {
        this.clock = clock;
        this.reader = reader;
    }

    /** How often to look for work. A producer that waits is about to come; where tasks are long, the next one is not. */
    static int spins(long cost, boolean producersWait) {
        if (producersWait) {
            return SPINS_WHILE_PRODUCERS_WAIT;
        }
        return cost <= LONG_TASK_NANOS ? SPINS : SPINS_WHERE_TASKS_ARE_LONG;
    }

    void start() {
        startTime = clock.getAsLong();
        recordTask = 0;
    }

    void recordTask() {
        if (++recordTask == TASKS) {
            measure();
        }
    }

    void stop() {
        if (recordTask > 0) {
            measure();
        }
    }

    private void measure() {
        long now = clock.getAsLong();
        long cost = (now - startTime) / recordTask;
        if (recordTask >= FEWEST_TASKS || cost > LONG_TASK_NANOS) {
            reader.recordCost(Math.min(cost, last), now);
            last = cost;
        }
        startTime = now;
        recordTask = 0;
    }

    /** Who is told. */
    interface Reader {

        /** A task was measured to take so long, just now. */
        void recordCost(long nanos, long now);
    }
}
