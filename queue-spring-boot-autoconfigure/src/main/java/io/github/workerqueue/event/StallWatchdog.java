package io.github.workerqueue.event;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueReport;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Watchdog that detects stalled queues among the open queues of some factories. A queue has stalled if, for a given
 * time, all workers have been busy with the same tasks, or the oldest waiting task has waited. A paused queue has not
 * stalled.
 *
 * <p>Each stall is reported once: a warning names the tasks and shows the stacks of their threads, and a
 * {@link QueueStalledEvent} is published. A line at INFO reports the end of the stall.
 *
 * <p>The watchdog checks the queues ten times within the given time, but not more often than every 100 ms and not less
 * often than every 10 s. It uses one daemon thread from {@link #start()} to {@link #stop()}. It starts before all other
 * lifecycle beans and stops after them, so it also observes the shutdown of the application.
 *
 * <p>The watchdog depends on the times that a factory measures, so it must be a listener of each factory that it
 * watches. Tasks have no other cost.
 *
 * @since 0.1
 */
public final class StallWatchdog implements QueueListener, SmartLifecycle {

    /*
     * Reports call user code, which must not block the watchdog thread. The toString() of a task may wait for a lock
     * that the stalled task holds, and a logger or an event listener may block as well. Each report therefore runs on a
     * thread of its own. The QueueReport is reachable only until these threads end. Between checks, the watchdog keeps
     * only the texts and numbers of a Stall. The queues are weak keys, and each check removes those that are closed or
     * no longer stalled.
     */

    private static final Logger logger = LoggerFactory.getLogger(StallWatchdog.class);

    private static final Duration MIN_PERIOD = Duration.ofMillis(100);

    private static final Duration MAX_PERIOD = Duration.ofSeconds(10);

    private static final int CHECKS = 10;

    private static final long STOP_MILLIS = 1_000;

    private final Iterable<? extends QueueFactory> factories;

    private final ApplicationEventPublisher publisher;

    private final Duration after;

    private final LongSupplier clock;

    private final Executor reporter;

    /** Confined to the watchdog thread. */
    private final Map<WorkerQueue<?>, Stall> stalls = new WeakHashMap<>();

    private volatile Map<String, String> stalled = Map.of();

    private volatile Set<Long> stalledIds = Set.of();

    private volatile @Nullable Thread thread;

    /**
     * Creates a watchdog, which is not started yet.
     *
     * @param factories the factories of the queues, iterated in each check; the watchdog must be a listener of each of
     *     them
     * @param publisher the publisher of the events
     * @param after the time after which a queue counts as stalled; must be positive
     * @throws IllegalArgumentException if the time is zero or negative
     */
    public StallWatchdog(
            Iterable<? extends QueueFactory> factories, ApplicationEventPublisher publisher, Duration after) {
        this(factories, publisher, after, System::nanoTime, StallWatchdog::runAside);
    }

    StallWatchdog(
            Iterable<? extends QueueFactory> factories,
            ApplicationEventPublisher publisher,
            Duration after,
            LongSupplier clock,
            Executor reporter) {
        if (after.isNegative() || after.isZero()) {
            throw new IllegalArgumentException("after must be positive, but was " + Stall.text(after));
        }
        this.factories = Objects.requireNonNull(factories, "factories must not be null");
        this.publisher = Objects.requireNonNull(publisher, "publisher must not be null");
        this.after = after;
        this.clock = clock;
        this.reporter = reporter;
    }

    private static void runAside(Runnable reporting) {
        Thread aside = new Thread(reporting, "queue-stall-report");
        aside.setDaemon(true);
        aside.start();
    }

    /**
     * Returns the stalled queues, as seen in the last check. Does not block.
     *
     * @return the description of each problem, by the name and ID of the queue; empty if no queue has stalled
     */
    public Map<String, String> stalled() {
        return stalled;
    }

    /**
     * Returns whether a queue was stalled in the last check. Does not block.
     *
     * @param id the ID of the queue
     * @return true if the queue was stalled; it may have been closed since
     */
    public boolean isStalled(long id) {
        return stalledIds.contains(id);
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            Thread started = new Thread(this::watch, "queue-stall-watchdog");
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    @Override
    public void stop() {
        Thread stopped = thread;
        thread = null;
        if (stopped != null && stopped != Thread.currentThread()) {
            LockSupport.unpark(stopped);
            try {
                stopped.join(STOP_MILLIS);
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Returns the lowest phase, so that the watchdog is started first and stopped last. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    private void watch() {
        long period = period(after).toNanos();
        while (thread == Thread.currentThread()) {
            LockSupport.parkNanos(this, period);
            if (thread == Thread.currentThread()) {
                try {
                    look();
                } catch (Throwable ex) {
                    logger.warn("The stall detection failed; retrying in {}", Stall.text(Duration.ofNanos(period)), ex);
                }
            }
        }
    }

    static Duration period(Duration after) {
        Duration period = after.dividedBy(CHECKS);
        return period.compareTo(MIN_PERIOD) < 0 ? MIN_PERIOD : period.compareTo(MAX_PERIOD) > 0 ? MAX_PERIOD : period;
    }

    /** Checks all queues once. */
    void look() {
        Map<WorkerQueue<?>, Stall> now = new WeakHashMap<>();
        Map<String, String> causes = new LinkedHashMap<>();
        for (QueueFactory factory : factories) {
            for (WorkerQueue<?> queue : factory.queues()) {
                Stall stall = look(queue);
                if (stall != null) {
                    now.put(queue, stall);
                    causes.put(stall.queue() + " (" + stall.id() + ")", stall.cause());
                }
            }
        }
        stalled = Map.copyOf(causes);
        stalledIds = now.values().stream().map(Stall::id).collect(Collectors.toUnmodifiableSet());
        stalls.forEach((queue, stall) -> {
            if (!now.containsKey(queue)) {
                over(queue, stall);
            }
        });
        stalls.clear();
        stalls.putAll(now);
    }

    private @Nullable Stall look(WorkerQueue<?> queue) {
        QueueReport report = queue.report();
        String cause = Stall.cause(report, after);
        if (cause == null) {
            return null;
        }
        long id = report.figures().id();
        Stall known = stalls.get(queue);
        if (known != null) {
            return new Stall(known.queue(), id, cause, known.since());
        }
        Map<Long, List<StackTraceElement>> stacks = report.stacks(queue);
        String name = queue.name();
        tell(() -> logger.warn("Queue '{}' ({}) has stalled: {}{}", name, id, cause, Stall.describe(report, stacks)));
        tell(() -> publisher.publishEvent(new QueueStalledEvent(name, id, cause, report)));
        return new Stall(name, id, cause, clock.getAsLong());
    }

    private void over(WorkerQueue<?> queue, Stall stall) {
        String how = switch (queue.snapshot().state()) {
            case OPEN, CLOSING -> "continues";
            case PAUSED -> "is paused";
            case CLOSED -> "is closed";
        };
        String time = Stall.age(Duration.ofNanos(clock.getAsLong() - stall.since()));
        tell(() -> logger.info(
                "Queue '{}' ({}) {}, {} after the stall was detected", stall.queue(), stall.id(), how, time));
    }

    private void tell(Runnable reporting) {
        reporter.execute(() -> {
            try {
                reporting.run();
            } catch (Throwable ex) {
                logger.warn("A stall, or its end, could not be reported", ex);
            }
        });
    }
}
