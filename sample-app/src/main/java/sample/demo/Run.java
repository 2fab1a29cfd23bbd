package sample.demo;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sample.ladder.CallCounter;

/** A run of a job, with the measurements of its queue during the run and after it. Thread-safe. */
final class Run {

    /** Source of the run of {@code sample.job}. */
    static final String COMMAND_LINE = "command line";

    /** Source of the runs of the page. */
    static final String PAGE = "page";

    private static final long TICK_MILLIS = 50;

    private final int id;

    private final RunSettings settings;

    private final String source;

    private final CallCounter counter;

    private final Instant created = Instant.now();

    private final CountDownLatch ended = new CountDownLatch(1);

    /** Guarded by this, as are the following fields. */
    private final RunSamples samples = new RunSamples();

    /** Queue whose tasks are cancelled with the run. Null before the first one is open, and after the end. */
    private @Nullable WorkerQueue<?> queue;

    private RunView.@Nullable Queue queueView;

    /** Counters at the start of the measurement. Null before it. */
    private @Nullable Start start;

    /** Counters at the end of the measurement. Null until then. */
    private @Nullable Figures last;

    /** Time of the next sample. */
    private double nextSample = 1;

    private @Nullable Outcome outcome;

    private boolean cancelled;

    /** States of a run. */
    enum State {
        RUNNING,
        COMPLETE,
        INCOMPLETE,
        CANCELLED,
        FAILED
    }

    /**
     * Counters since the start of the measurement.
     *
     * @param calls number of attempts, retries included
     * @param blocked time for which the producer was blocked by a full queue
     * @param done number of tasks that completed or failed
     * @param failed number of tasks that failed
     */
    record Figures(
            Duration elapsed,
            long calls,
            long retries,
            Duration blocked,
            long done,
            long failed,
            int depth,
            int active) {

        private static final Figures NONE = new Figures(Duration.ZERO, 0, 0, Duration.ZERO, 0, 0, 0, 0);

        double seconds() {
            return elapsed.toNanos() / 1e9;
        }
    }

    /**
     * Outcome of a run that has ended.
     *
     * @param results number of stored or joined results
     * @param failures number of failures by exception
     * @param retained increase of the heap in use, in bytes; null if it was not measured
     * @param error reason why the run failed; null if it did not
     */
    record Outcome(
            State state,
            int results,
            Map<String, Integer> failures,
            @Nullable Long retained,
            @Nullable String error) {

        static Outcome of(boolean complete, int results, Map<String, Integer> failures, @Nullable Long retained) {
            return new Outcome(complete ? State.COMPLETE : State.INCOMPLETE, results, failures, retained, null);
        }

        static Outcome failed(Throwable exception) {
            return new Outcome(State.FAILED, 0, Map.of(), null, exception.toString());
        }
    }

    private record Start(long nanos, QueueSnapshot figures, long calls, long retries, Duration blocked) {}

    /** Creates a run that can be cancelled from now on. */
    Run(int id, RunSettings settings, String source, CallCounter counter) {
        this.id = id;
        this.settings = settings;
        this.source = source;
        this.counter = counter;
        Thread watch = new Thread(this::watch, "run-" + id + "-watch");
        watch.setDaemon(true);
        watch.start();
    }

    int id() {
        return id;
    }

    RunSettings settings() {
        return settings;
    }

    /** Sets the queue whose tasks are cancelled with the run. */
    synchronized void use(WorkerQueue<?> queue) {
        this.queue = queue;
        this.queueView = new RunView.Queue(queue.name(), queue.snapshot().id());
    }

    /** Starts the measurement. */
    synchronized void start(WorkerQueue<?> queue) {
        use(queue);
        start = new Start(System.nanoTime(), queue.snapshot(), counter.calls(), counter.retries(), counter.blocked());
        samples.add(0, 0);
    }

    /** Ends the measurement, unless it has ended. Returns its counters. */
    synchronized Figures stop() {
        Figures now = figures();
        if (last == null && start != null) {
            last = now;
            sample(now);
        }
        return now;
    }

    /** Ends the run, unless it has ended. The state of a cancelled run is always CANCELLED. */
    synchronized void end(Outcome end) {
        if (outcome == null) {
            stop();
            outcome =
                    cancelled ? new Outcome(State.CANCELLED, end.results(), end.failures(), end.retained(), null) : end;
            queue = null;
            ended.countDown();
        }
    }

    /** Cancels the tasks of the run, and those that it puts later. Returns false if the run has ended. */
    synchronized boolean cancel() {
        cancelled |= outcome == null;
        return outcome == null;
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    private synchronized Figures figures() {
        if (last != null) {
            return last;
        }
        if (start == null || queue == null) {
            return Figures.NONE;
        }
        QueueSnapshot now = queue.snapshot();
        QueueSnapshot first = start.figures();
        long failed = now.failed() - first.failed();
        return new Figures(
                Duration.ofNanos(System.nanoTime() - start.nanos()),
                counter.calls() - start.calls(),
                counter.retries() - start.retries(),
                counter.blocked().minus(start.blocked()),
                now.completed() - first.completed() + failed,
                failed,
                now.depth(),
                now.active());
    }

    private void watch() {
        try {
            while (!ended.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                WorkerQueue<?> cancelling = tick();
                if (cancelling != null) {
                    cancelling.cancel(); // repeated, since the job may put a task after a cancel
                }
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes a sample if it is due. Returns the queue if its tasks must be cancelled. */
    private synchronized @Nullable WorkerQueue<?> tick() {
        if (start != null && last == null) {
            Figures now = figures();
            samples.read(now.depth(), now.active());
            if (now.seconds() >= nextSample) {
                sample(now);
                nextSample = Math.floor(now.seconds()) + 1;
            }
        }
        return cancelled ? queue : null;
    }

    private synchronized void sample(Figures now) {
        samples.add(now.seconds(), now.done());
    }

    synchronized RunView view() {
        Figures now = figures();
        Outcome end = outcome;
        State state = end == null ? State.RUNNING : end.state();
        return new RunView(
                id,
                source,
                created,
                state.name().toLowerCase(Locale.ROOT),
                settings.view(),
                queueView,
                new RunView.Summary(
                        now.elapsed().toMillis(),
                        now.done(),
                        now.calls(),
                        now.retries(),
                        now.failed(),
                        end == null ? null : end.failures(),
                        now.blocked().toMillis(),
                        end == null ? null : end.results(),
                        end == null ? null : end.retained(),
                        now.seconds() > 0 ? Math.round(now.done() / now.seconds() * 10) / 10.0 : 0),
                samples.view(),
                end == null ? null : end.error());
    }
}
