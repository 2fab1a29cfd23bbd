package io.github.workerqueue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A time limit of one attempt of a task. An attempt that exceeds it is interrupted, or its stage cancelled, and fails. */
final class TaskTimeout implements TaskLayer {

    /*
     * Each attempt is a Run, which TaskTimeoutSweeper looks at once its limit has passed: from the start of its callable to the end
     * of the callable, or of the stage that this returned.
     *
     *   in its callable -> interrupted   look(), by a CAS of the window; the callable fails when it has ended
     *   in its callable -> ended         leftInTime(), by a CAS of the window
     *   in its callable -> in its stage  hold(), after leftInTime()
     *   in its stage    -> ended         ended(), exceed() or cancel(), whichever completes the TimedStage
     *   interrupted     -> named         warn(), by the removal from TaskTimeoutSweeper; leftInTime() removes it otherwise
     *
     * Between its callable and its stage, a run can neither be interrupted nor be ended. Its thread publishes the stage and
     * then reads the time, so it ends a stage whose look() came too early to see it.
     *
     * An interrupt meets the callable of this run, or nothing, by the protocol of InterruptWindow. The window of the slot, by
     * which a cancel interrupts, encloses this one and decides in the end.
     */

    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Stands for the ticket in windows that have one callable only. */
    private static final long ONLY = 0;

    private final QueueContext context;

    private final TaskTimeoutSweeper timeouts;

    private final Duration limit;

    private final long nanos;

    TaskTimeout(QueueContext context, TaskTimeoutSweeper timeouts, Duration limit) {
        this.context = context;
        this.timeouts = timeouts;
        this.limit = limit;
        this.nanos = Durations.nanos(limit);
    }

    /** Whether a duration limits anything. */
    static boolean isLimit(@Nullable Duration limit) {
        return limit != null && !limit.isZero() && Durations.nanos(limit) != Durations.FOREVER;
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
            return run.timeStage(stage);
        };
    }

    private TimeoutException newTimeoutException() {
        return new TimeoutException(
                "Queue '" + context.name + "': the task exceeded its timeout of " + Durations.text(limit));
    }

    /** Does what may run code of the user, neither on the timer's thread nor in a slot. */
    private void handOver(Runnable action) {
        Runnable work = () -> {
            context.threads.reset(Thread.currentThread());
            action.run();
        };
        try {
            context.threads.starter(work, "queue-timeout-" + context.name).run();
        } catch (Throwable ex) {
            QueueLog.logger.error(
                    "Queue '{}': no thread could be started for a task that exceeded its timeout", context.name, ex);
        }
    }

    /** One attempt of a task. */
    final class Run {

        private final InterruptWindow window = new InterruptWindow();

        private final Thread thread = Thread.currentThread();

        private final @Nullable Object source;

        private final long start = System.nanoTime();

        /** The time until the WARN; null until the callable is interrupted. Written by the sweep that interrupts it. */
        private volatile @Nullable Timeout warning;

        private volatile @Nullable TimedStage stage;

        /** Negative if the task runs outside the queue. */
        private final long ticket;

        Run(@Nullable Object source) {
            this.source = source;
            CurrentTask current = CurrentTask.ofThread();
            this.ticket = current == null || current.context != context ? -1 : current.ticket();
        }

        /** Calls the task. A result that comes too late is given to the consumer. */
        <R extends @Nullable Object> R call(Callable<R> task, Consumer<? super R> late) throws Exception {
            begin();
            R result;
            try {
                result = task.call();
            } catch (Throwable ex) {
                if (!leave()) {
                    TimeoutException exceeded = newTimeoutException();
                    if (!(ex instanceof InterruptedException)) {
                        exceeded.addSuppressed(ex);
                    }
                    throw exceeded;
                }
                end();
                throw ex;
            }
            if (!leave()) {
                late.accept(result);
                throw newTimeoutException();
            }
            return result;
        }

        private void begin() {
            window.enter(ONLY, thread);
            timeouts.add(this, start, nanos);
        }

        private boolean leave() {
            if (window.leave(ONLY)) {
                end();
                return false;
            }
            return true;
        }

        void end() {
            timeouts.remove(this);
        }

        /** Lets the limit go on for the stage, and gives what stands for it. */
        CompletionStage<?> timeStage(CompletionStage<?> started) {
            TimedStage held = new TimedStage(this, started);
            stage = held;
            try {
                started.whenComplete(held::onCompletion);
            } catch (Throwable ex) {
                end();
                throw ex;
            }
            if (remaining(System.nanoTime()) == 0) {
                held.expire();
            }
            return held;
        }

        /** The nanoseconds until the limit. No value overflows, even if the time was read before the start. */
        private long remaining(long now) {
            return Math.max(0, nanos - Math.max(0, now - start));
        }

        /** Does what is due, and returns the nanoseconds until it must be called again. On the timer's thread. */
        long sweep(long now) {
            Timeout untilWarning = warning;
            if (untilWarning != null) {
                if (untilWarning.isExpired()) {
                    warn();
                    return Durations.FOREVER;
                }
                return untilWarning.remaining();
            }
            long remaining = remaining(now);
            if (remaining > 0) {
                return remaining;
            }
            if (window.interrupt(ONLY)) {
                warning = Timeout.of(WARN_NANOS);
                return WARN_NANOS;
            }
            TimedStage held = stage;
            if (held != null) {
                held.expire();
            }
            return Durations.FOREVER;
        }

        private long index() {
            return ticket < 0 ? TaskNames.NO_INDEX : context.index(ticket);
        }

        private void warn() {
            Throwable where = new Throwable("Stack of thread '" + thread.getName() + "'");
            where.setStackTrace(thread.getStackTrace());
            if (timeouts.remove(this)) { // else the thread may have been in another task already
                handOver(() -> QueueLog.logger.warn(
                        "Queue '{}': {} is still running {} after it was interrupted for exceeding its timeout of {}",
                        context.name,
                        TaskNames.quotedNameOf(source, index()),
                        Durations.text(Duration.ofNanos(WARN_NANOS)),
                        Durations.text(limit),
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

        void onCompletion(@Nullable Object value, @Nullable Throwable failure) {
            run.end();
            if (failure == null) {
                complete(value);
            } else {
                completeExceptionally(failure);
            }
        }

        void expire() {
            run.end();
            if (completeExceptionally(newTimeoutException())) {
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
