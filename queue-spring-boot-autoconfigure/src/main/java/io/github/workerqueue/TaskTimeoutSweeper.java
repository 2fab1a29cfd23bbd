package io.github.workerqueue;

import io.github.workerqueue.TaskTimeout.Run;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sweeper of the attempts of one queue that have a timeout and have not ended. */
final class TaskTimeoutSweeper {

    /*
     * A timer for each attempt would cost more than most tasks. Instead, a sweep looks at all of them and schedules
     * the next sweep. The state is the set of runs and `next`, the earliest sweep to come; null if there is none.
     *
     *   null  -> sweep          sweepWithin(), by a run that begins, or by a sweep that leaves runs in the set
     *   sweep -> earlier sweep  sweepWithin(), if a run is due before the pending sweep, which then has no effect
     *   sweep -> null           the sweep, before it reads the set
     *
     * Invariant: each run in the set whose thread has left add() is covered by a sweep. That sweep has yet to read
     * the set, or to reach this run. It comes at most a millisecond after the run is due. Shorter waits would keep a
     * core busy.
     *
     * - A run adds itself to the set and then reads `next`. If it finds a sweep that comes in time, this sweep has
     *   yet to take itself out of `next`, and reads the set after that. Both are volatile, so the sweep sees the run.
     *   Otherwise, the run puts an earlier sweep in its place.
     * - An earlier sweep takes over the runs of the sweep that it replaces. Their threads read `next` before it was
     *   replaced, so the earlier sweep sees them, too.
     * - A sweep schedules the next one no later than the first of the runs that it saw is due. If it missed a run,
     *   that run was added while the sweep read the set, and found `next` without this sweep.
     *
     * Different timeouts need no more than that: the argument compares the times of sweeps and runs. It does not
     * assume that runs are due in the order of their starts. If all timeouts are equal, only a run that finds no
     * sweep schedules one.
     *
     * A sweep comes after at most a second, so that the timer does not retain closed queues. The timer runs one sweep
     * at a time, except after the close of the factory. Two sweeps may look at a run concurrently then, and one CAS
     * decides on each of its transitions.
     */

    private static final long MIN_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final QueueContext context;

    private final Set<Run> running = ConcurrentHashMap.newKeySet();

    /** Earliest sweep to come; null if there is none. */
    private final AtomicReference<@Nullable Sweep> next = new AtomicReference<>();

    TaskTimeoutSweeper(QueueContext context) {
        this.context = context;
    }

    /** Adds a run. Sweeps look at it from this many nanoseconds after its start, until it is removed. */
    void add(Run run, long start, long nanos) {
        running.add(run);
        sweepWithin(nanos, start);
    }

    /** Removes a run. Returns false if it was removed already. */
    boolean remove(Run run) {
        return running.remove(run);
    }

    /** Schedules a sweep within this many nanoseconds from now, unless one is pending. */
    private void sweepWithin(long nanos, long now) {
        long wait = Math.max(MIN_WAIT_NANOS, Math.min(nanos, MAX_WAIT_NANOS));
        Sweep earliest = next.get();
        while (earliest == null || earliest.time - (now + wait) > 0) {
            Sweep earlier = new Sweep(now + wait);
            if (next.compareAndSet(earliest, earlier)) {
                earlier.schedule();
                return;
            }
            earliest = next.get();
        }
    }

    /** One sweep over all runs, on the thread of the timer. */
    private final class Sweep implements Runnable {

        private final long time;

        Sweep(long time) {
            this.time = time;
        }

        void schedule() {
            try {
                context.timer.schedule(this, time - System.nanoTime());
            } catch (Throwable ex) {
                next.compareAndSet(this, null);
                QueueLog.logger.error(
                        "Queue '{}': timeouts could not be scheduled; they take effect when the next task starts",
                        context.name,
                        ex);
            }
        }

        @Override
        public void run() {
            if (!next.compareAndSet(this, null)) {
                return;
            }
            long now = System.nanoTime();
            long wait = MAX_WAIT_NANOS;
            for (Run run : running) {
                wait = Math.min(wait, run.sweep(now));
            }
            if (!running.isEmpty()) {
                sweepWithin(wait, now);
            }
        }
    }
}
