package io.github.workerqueue;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Timeout of one attempt of a task. An attempt that exceeds it is interrupted, or its stage is cancelled, and fails.
 */
final class TaskTimeout {

    /*
     * Each attempt is a Run. It lasts from the start of its callable to the end of the callable, or of the stage that
     * the callable returned. TaskTimeoutSweeper calls sweep() once the timeout is exceeded.
     *
     *   in its callable -> interrupted   sweep(), by a CAS of the window; the callable fails when it has ended
     *   in its callable -> ended         leave(), by a CAS of the window
     *   in its callable -> in its stage  timeStage(), after leave()
     *   in its stage    -> ended         onCompletion(), expire() or cancel(), whichever completes the TimedStage
     *   interrupted     -> logged        warn(), by the removal from TaskTimeoutSweeper; leave() removes it otherwise
     *
     * Between its callable and its stage, a run can be neither interrupted nor ended. Its thread publishes the stage
     * and then reads the time, so it ends a stage that sweep() came too early to see.
     *
     * An interrupt meets the callable of this run, or nothing, by the protocol of InterruptWindow. A cancel
     * interrupts by the window of the slot, which encloses this one and decides in the end.
     */

    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Ticket of windows that have only one callable. */
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

    /** Whether a duration is a timeout, rather than zero or endless. */
    static boolean isLimit(Duration limit) {
        return !limit.isZero() && Durations.nanos(limit) != Durations.FOREVER;
    }

    /**
     * Surrounds a task that returns its result. Called on the thread of the producer.
     *
     * @param task the task, without its execution
     * @param source the object of the user whose {@code toString()} names the task
     */
    <R extends @Nullable Object> Callable<? extends R> around(Callable<? extends R> task, @Nullable Object source) {
        return () -> {
            Run run = new Run(source);
            R result = run.call(task, late -> {});
            run.end();
            return result;
        };
    }

    /**
     * Surrounds a task that returns a stage. A {@code cancel(true)} of the {@code toCompletableFuture()} of the
     * replacing stage is passed on to the original stage.
     *
     * @param task the task, without its execution
     * @param source the object of the user whose {@code toString()} names the task
     */
    Callable<? extends @Nullable CompletionStage<?>> aroundAsync(
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

    /** Runs an action with code of the user on a thread of its own, so that it delays neither the timer nor a slot. */
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

    /** Attempt of a task. */
    final class Run {

        private final InterruptWindow window = new InterruptWindow();

        /** Thread of the callable; null once its stage has ended, since a virtual thread retains its slot. */
        private @Nullable Thread thread = Thread.currentThread();

        /** Object that names the task; null once its stage has ended, so that the stage does not retain the object. */
        private @Nullable Object source;

        private final long start = System.nanoTime();

        /** Time until the warning; null until the callable is interrupted. Written by the sweep that interrupts it. */
        private volatile @Nullable Timeout warning;

        private volatile @Nullable TimedStage stage;

        /** Ticket of the task; negative if it runs outside the queue. */
        private final long ticket;

        Run(@Nullable Object source) {
            this.source = source;
            CurrentTask current = CurrentTask.ofThread();
            this.ticket = current == null || current.context != context ? -1 : current.ticket();
        }

        /** Calls the task. The consumer receives a result that comes too late. */
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
            window.enter(ONLY, Thread.currentThread());
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

        /** Ends this run in its stage, in which no warning needs the name of the task. */
        void endInStage() {
            end();
            source = null;
            thread = null;
            window.setThread(null);
        }

        /** Continues the timeout for a stage. Returns the stage that replaces it. */
        CompletionStage<?> timeStage(CompletionStage<?> started) {
            TimedStage timed = new TimedStage(this, started);
            stage = timed;
            try {
                started.whenComplete(timed::onCompletion);
            } catch (Throwable ex) {
                end();
                throw ex;
            }
            if (remaining(System.nanoTime()) == 0) {
                timed.expire();
            }
            return timed;
        }

        /**
         * Returns the nanoseconds until the timeout. No value overflows, even if the time was read before the start.
         */
        private long remaining(long now) {
            return Math.max(0, nanos - Math.max(0, now - start));
        }

        /**
         * Performs the step that is due. Returns the nanoseconds until the next call. Call this method on the thread of
         * the timer.
         */
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
            TimedStage timed = stage;
            if (timed != null) {
                timed.expire();
            }
            return Durations.FOREVER;
        }

        private long index() {
            return ticket < 0 ? TaskNames.NO_INDEX : context.index(ticket);
        }

        private void warn() {
            Thread interrupted = Objects.requireNonNull(thread); // its callable has no stage yet
            Throwable where = new Throwable("Stack of thread '" + interrupted.getName() + "'");
            where.setStackTrace(interrupted.getStackTrace());
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

    /** Replacement for the stage of a task, which fails at the timeout. */
    private final class TimedStage extends CompletableFuture<@Nullable Object> {

        private final Run run;

        private final CompletionStage<?> stage;

        TimedStage(Run run, CompletionStage<?> stage) {
            this.run = run;
            this.stage = stage;
        }

        void onCompletion(@Nullable Object value, @Nullable Throwable failure) {
            run.endInStage();
            if (failure == null) {
                complete(value);
            } else {
                completeExceptionally(failure);
            }
        }

        void expire() {
            run.endInStage();
            if (completeExceptionally(newTimeoutException())) {
                handOver(() -> AsyncTask.cancel(stage));
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            run.endInStage();
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            AsyncTask.cancel(stage);
            return cancelled;
        }
    }
}
