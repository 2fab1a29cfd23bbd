package io.github.workerqueue;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The limit of how long one task may run. Who exceeds it is interrupted, or its stage cancelled, and fails. */
final class TaskTimeout implements Layer {

    /*
     * Each time that a task runs is a Run. It is in a set while it may exceed the limit: until its callable, or the stage that
     * this returned, has ended. A timer for each would cost more than most tasks: as the limit is the same for all, one sweep
     * looks for those that are due, and is scheduled again, for the next one that will be, while there are any. It comes at most
     * a second later, so that the timer does not keep queues that are closed, and at least a millisecond, so that it does not
     * keep a core busy.
     *
     * No run is missed. It is added to the set, and then its thread reads whether a sweep is scheduled; the sweep that finds
     * none says that no other is scheduled, and then reads the set again. Between its callable and its stage, a run that is due
     * can neither be interrupted nor be ended; its thread publishes the stage, and then looks at the time itself.
     *
     * An interrupt meets the callable of this run, or nothing, by the protocol of InterruptWindow; the window of the slot, by
     * which a cancel interrupts, is around it and decides in the end.
     */

    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long MIN_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What stands for the ticket in windows that have one callable only. */
    private static final long ONLY = 0;

    private final Engine engine;

    private final Duration limit;

    private final long nanos;

    /** No run that starts after a sweep is due before the next. */
    private final long maxWait;

    private final Set<Run> running = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean scheduled = new AtomicBoolean();

    private TaskTimeout(Engine engine, Duration limit, long nanos) {
        this.engine = engine;
        this.limit = limit;
        this.nanos = nanos;
        this.maxWait = Math.min(nanos, MAX_WAIT_NANOS);
    }

    /** The layer, if the queue has such a limit. */
    static Optional<Layer> layer(Engine engine) {
        Duration limit = engine.settings.taskTimeout();
        long nanos = limit == null ? Engine.FOREVER : Durations.nanos(limit);
        return limit == null || nanos == Engine.FOREVER
                ? Optional.empty()
                : Optional.of(new TaskTimeout(engine, limit, nanos));
    }

    @Override
    public Callable<? extends @Nullable Object> around(
            Callable<? extends @Nullable Object> task, @Nullable Object source) {
        return () -> {
            Run run = new Run(source);
            Object result = run.call(task, late -> {});
            run.end();
            return result;
        };
    }

    @Override
    public Callable<? extends @Nullable CompletionStage<?>> aroundAsync(
            Callable<? extends @Nullable CompletionStage<?>> task, @Nullable Object source) {
        return () -> {
            Run run = new Run(source);
            CompletionStage<?> stage = run.call(task, AsyncTask::cancel);
            if (stage == null) {
                run.end();
                return null;
            }
            return run.hold(stage);
        };
    }

    private void schedule(long wait) {
        try {
            engine.timer.schedule(this::sweep, Math.max(wait, MIN_WAIT_NANOS));
        } catch (Throwable ex) {
            scheduled.set(false);
            Engine.logger.error("Queue '{}': no task is timed out until the next one starts", engine.name, ex);
        }
    }

    /** On the timer's thread. */
    private void sweep() {
        long now = System.nanoTime();
        long wait = maxWait;
        for (Run run : running) {
            wait = Math.min(wait, run.look(now));
        }
        if (running.isEmpty()) {
            scheduled.set(false);
            if (running.isEmpty() || !scheduled.compareAndSet(false, true)) {
                return;
            }
        }
        schedule(wait);
    }

    private TimeoutException exceeded() {
        return new TimeoutException("Queue '" + engine.name + "': the task ran longer than its limit of " + limit);
    }

    /** Does what may run code of the user, neither on the timer's thread nor in a slot. */
    private void handOver(Runnable action) {
        Runnable work = () -> {
            engine.threads.reset(Thread.currentThread());
            action.run();
        };
        try {
            engine.threads.starter(work, "queue-timeout-" + engine.name).run();
        } catch (Throwable ex) {
            Engine.logger.error("Queue '{}': no thread could be started for a task that timed out", engine.name, ex);
        }
    }

    /** One time that a task runs. */
    private final class Run {

        private final InterruptWindow window = new InterruptWindow();

        private final Thread thread = Thread.currentThread();

        private final @Nullable Object source;

        /** When the timer has something to do with it. Only the timer changes it. */
        private long due = System.nanoTime() + nanos;

        /** Of the timer alone. */
        private boolean interrupted;

        private volatile @Nullable TimedStage stage;

        Run(@Nullable Object source) {
            this.source = source;
        }

        /** Calls the task. A result that comes too late is given to the consumer. */
        <R extends @Nullable Object> R call(Callable<R> task, Consumer<? super R> late) throws Exception {
            begin();
            R result;
            try {
                result = task.call();
            } catch (Throwable ex) {
                if (!leftInTime()) {
                    TimeoutException exceeded = exceeded();
                    if (!(ex instanceof InterruptedException)) {
                        exceeded.addSuppressed(ex);
                    }
                    throw exceeded;
                }
                end();
                throw ex;
            }
            if (!leftInTime()) {
                late.accept(result);
                throw exceeded();
            }
            return result;
        }

        private void begin() {
            window.enter(ONLY, thread);
            running.add(this);
            if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
                schedule(maxWait);
            }
        }

        private boolean leftInTime() {
            if (window.leave(ONLY)) {
                end();
                return false;
            }
            return true;
        }

        void end() {
            running.remove(this);
        }

        /** Lets the limit go on for the stage, and gives what stands for it. */
        CompletionStage<?> hold(CompletionStage<?> started) {
            TimedStage held = new TimedStage(this, started);
            stage = held;
            try {
                started.whenComplete(held::ended);
            } catch (Throwable ex) {
                end();
                throw ex;
            }
            if (due - System.nanoTime() <= 0) {
                held.exceed();
            }
            return held;
        }

        /** Does what is due, and says in how many nanoseconds to look again. On the timer's thread. */
        long look(long now) {
            if (due - now > 0) {
                return due - now;
            }
            if (window.interrupt(ONLY)) {
                interrupted = true;
                due = now + WARN_NANOS;
                return WARN_NANOS;
            }
            TimedStage held = stage;
            if (interrupted) {
                warn();
            } else if (held != null) {
                held.exceed();
            }
            return Engine.FOREVER;
        }

        private void warn() {
            Throwable where = new Throwable("What thread '" + thread.getName() + "' does");
            where.setStackTrace(thread.getStackTrace());
            if (running.remove(this)) { // else the thread may have been in another task already
                handOver(() -> Engine.logger.warn(
                        "Queue '{}': task '{}' still runs {} s after it was interrupted at its limit of {}",
                        engine.name,
                        NamedTask.nameOf(source),
                        TimeUnit.NANOSECONDS.toSeconds(WARN_NANOS),
                        limit,
                        where));
            }
        }
    }

    /** What stands for the stage of a task. */
    private final class TimedStage extends CompletableFuture<@Nullable Object> {

        private final Run run;

        private final CompletionStage<?> stage;

        TimedStage(Run run, CompletionStage<?> stage) {
            this.run = run;
            this.stage = stage;
        }

        void ended(@Nullable Object value, @Nullable Throwable failure) {
            run.end();
            if (failure == null) {
                complete(value);
            } else {
                completeExceptionally(failure);
            }
        }

        void exceed() {
            run.end();
            if (completeExceptionally(exceeded())) {
                handOver(() -> AsyncTask.cancel(stage));
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            run.end();
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            AsyncTask.cancel(stage);
            return cancelled;
        }
    }
}
