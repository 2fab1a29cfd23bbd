package sample.demo;

import io.github.workerqueue.QueueClosedException;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import sample.demo.SampleProperties.Job;

/** Runner that starts the job of {@code sample.job} after the start of the application, and prints its summary. */
@Component
class JobRunner implements ApplicationRunner, ExitCodeGenerator, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

    private final LadderDemo ladder;

    private final MatchesJob matches;

    private final Runs runs;

    private final SampleProperties sample;

    private final ConfigurableApplicationContext context;

    private volatile boolean complete = true;

    /** Job that returns its summary. */
    private interface SummarizedJob {

        Summary run() throws InterruptedException;
    }

    JobRunner(
            LadderDemo ladder,
            MatchesJob matches,
            Runs runs,
            SampleProperties sample,
            ConfigurableApplicationContext context) {
        this.ladder = ladder;
        this.matches = matches;
        this.runs = runs;
        this.sample = sample;
        this.context = context;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        runs.reserve();
        try {
            if (sample.job() == Job.LADDER || sample.job() == Job.BOTH) {
                print(ladder::run);
            }
            if (sample.job() == Job.MATCHES || sample.job() == Job.BOTH) {
                print(matches::run);
            }
            if (!sample.exitAfterRun() && !context.isClosed()) {
                System.out.println(nextSteps());
            }
        } catch (QueueClosedException | IllegalStateException ex) {
            // On shutdown, a queue rejects puts, and the factory does not open another queue
            if (!context.isClosed()) {
                throw ex;
            }
            log.warn("Stopped before the job was complete");
            complete = false;
        } finally {
            runs.release();
        }
    }

    /** Prints a line before the queues drain, since a terminal leaves the cursor behind its ^C. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stopping(ContextClosedEvent event) {
        if (runs.isActive()) {
            System.out.println("\nStopping: the queues drain, and the job stores its results");
        } else {
            System.out.println("\nStopping");
        }
    }

    private void print(SummarizedJob job) throws InterruptedException {
        try {
            Summary summary = job.run();
            System.out.println("\n" + summary + "\n");
            complete &= summary.complete();
        } catch (CancellationException ex) {
            log.warn("The job was cancelled on the page");
            complete = false;
        }
    }

    private String nextSteps() {
        String root = "http://localhost:" + context.getEnvironment().getProperty("local.server.port") + "/";
        boolean matchesOnly = sample.job() == Job.MATCHES;
        return """
                The sample keeps running. Press Ctrl-C to stop it.
                  Open      %1$s (start and compare runs)
                            %1$sactuator/queueboard
                            %1$sactuator/queues
                            %1$sactuator/metrics/queue.tasks?tag=name:%2$s
                  Try next  Press Ctrl-C during a run: the queue drains, and the results are stored.
                            Run with the environment variable %3$s.
                            Run with %4$s.
                """.formatted(
                        root,
                        matchesOnly ? "matches" : "riot",
                        matchesOnly ? "QUEUE_INSTANCES_MATCHES_WORKERS=50" : "QUEUE_INSTANCES_RIOT_RATELIMITS=100/1s",
                        matchesOnly
                                ? "SAMPLE_JOB=ladder: watch retries and a rate limit"
                                : "SAMPLE_JOB=matches: consume and collect matches, and compare the heap");
    }

    @Override
    public int getExitCode() {
        return complete ? 0 : 1;
    }

    /** Waits until a stopped job has stored its results. The beans that it uses are destroyed afterwards. */
    @Override
    public void destroy() throws InterruptedException {
        runs.awaitEnd();
    }
}
