package io.github.workerqueue;

import java.util.function.LongSupplier;

/** Meter of the cost of the tasks that one worker slot runs without a pause. Confined to the thread of the slot. */
final class TaskCostMeter {

    /*
     * A reading of the clock costs as much as a tiny task, so one reading covers up to 64 tasks. The clock also
     * counts the time for which the thread was preempted, which looks like a task a thousand times as long. That
     * seldom happens twice in a row, so the lower of the last two measurements counts.
     */

    private static final int MAX_TASKS = 64;

    private static final int MIN_TASKS = 16;

    private final LongSupplier clock;

    private final Listener listener;

    private long startTime;

    private int tasks;

    private long previous = Long.MAX_VALUE;

    TaskCostMeter(LongSupplier clock, Listener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    void start() {
        startTime = clock.getAsLong();
        tasks = 0;
    }

    void recordTask() {
        if (++tasks == MAX_TASKS) {
            measure();
        }
    }

    void stop() {
        if (tasks > 0) {
            measure();
        }
    }

    private void measure() {
        long now = clock.getAsLong();
        long cost = (now - startTime) / tasks;
        if (tasks >= MIN_TASKS || cost > SpinPolicy.LONG_TASK_NANOS) {
            listener.recordCost(Math.min(cost, previous), now);
            previous = cost;
        }
        startTime = now;
        tasks = 0;
    }

    /** Receiver of the measurements. */
    interface Listener {

        /** Receives the cost of a task, measured at this time. */
        void recordCost(long nanos, long now);
    }
}
