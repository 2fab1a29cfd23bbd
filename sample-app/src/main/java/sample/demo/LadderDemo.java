package sample.demo;

import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import sample.demo.RunSettings.Job;
import sample.ladder.CallCounter;
import sample.ladder.FailureLog;
import sample.ladder.Ladder;
import sample.ladder.LadderUpdate;

/** Runs of the ladder job, with their progress and their summaries. */
@Component
class LadderDemo {

    private static final Logger log = LoggerFactory.getLogger(LadderDemo.class);

    private final Ladder ladder;

    private final WorkerQueue<Object> queue;

    private final CallCounter counter;

    private final FailureLog failures;

    private final SampleProperties sample;

    private final Runs runs;

    private final RunForm form;

    private final RunQueues queues;

    LadderDemo(
            Ladder ladder,
            @Qualifier("riot") WorkerQueue<Object> queue,
            CallCounter counter,
            FailureLog failures,
            SampleProperties sample,
            Runs runs,
            RunForm form,
            RunQueues queues) {
        this.ladder = ladder;
        this.queue = queue;
        this.counter = counter;
        this.failures = failures;
        this.sample = sample;
        this.runs = runs;
        this.form = form;
        this.queues = queues;
    }

    /** Runs the job with the settings of the properties, in the queue of the model. */
    LadderSummary run() throws InterruptedException {
        return run(runs.add(form.defaults(Job.LADDER), Run.COMMAND_LINE), queue);
    }

    /** Runs the job with the settings of a run, in a queue of its own. */
    LadderSummary run(Run run) throws InterruptedException {
        try (WorkerQueue<Object> own = queues.open(run.settings())) {
            return run(run, own);
        }
    }

    private LadderSummary run(Run run, WorkerQueue<Object> queue) throws InterruptedException {
        RunSettings.Upstream upstream = run.settings().upstream();
        failures.take();
        log.info(
                "Reading a ladder: {} workers, at most {} waiting tasks{}{}",
                queue.workers(),
                queue.maxsize(),
                queue.settings().rateLimits().isEmpty() ? "" : ", rate limit ",
                Text.rateLimits(queue.settings().rateLimits()));
        LadderUpdate update;
        Run.Figures figures;
        try (Progress progress = new Progress("Ladder", upstream == null ? 0 : upstream.items() + 2, queue, counter)) {
            progress.start();
            run.start(queue);
            update = ladder.update(sample.rankedQueue(), queue);
            figures = run.stop();
        } catch (InterruptedException | RuntimeException ex) {
            run.end(Run.Outcome.failed(ex));
            throw ex;
        }
        LadderSummary summary = new LadderSummary(
                sample.rankedQueue(),
                update,
                failures.take(),
                sample.toleratedFailures(),
                figures.calls(),
                figures.retries(),
                figures.elapsed(),
                figures.blocked(),
                upstream == null ? Duration.ZERO : upstream.latency(),
                queue.workers(),
                queue.settings().rateLimits());
        run.end(Run.Outcome.of(summary.complete(), update.puuids(), summary.failures(), null));
        return summary;
    }
}
