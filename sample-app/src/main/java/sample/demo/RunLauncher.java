package sample.demo;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import sample.demo.RunSettings.Job;
import sample.demo.upstream.UpstreamBehavior;

/** Launcher of the runs of the page. Each has a thread of its own. */
@Component
class RunLauncher implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(RunLauncher.class);

    private final Runs runs;

    private final LadderDemo ladder;

    private final MatchesJob matches;

    private final UpstreamBehavior behavior;

    RunLauncher(Runs runs, LadderDemo ladder, MatchesJob matches, UpstreamBehavior behavior) {
        this.runs = runs;
        this.ladder = ladder;
        this.matches = matches;
        this.behavior = behavior;
    }

    /** Starts a run. Throws an exception if a run is active. */
    Run launch(RunSettings settings) {
        if (!runs.tryReserve()) {
            throw new RunActiveException();
        }
        Run run = runs.add(settings, Run.PAGE);
        Thread thread = new Thread(() -> run(run), "run-" + run.id());
        thread.setDaemon(true);
        thread.start();
        return run;
    }

    private void run(Run run) {
        try {
            if (run.settings().job() == Job.LADDER) {
                change(run);
                log.info("Run {}: {}", run.id(), ladder.run(run));
            } else {
                behavior.change(Duration.ZERO, 0, Integer.MAX_VALUE);
                matches.warmUp(run);
                change(run);
                MatchesSummary.Round round = matches.run(run);
                log.info(
                        "Run {}: {} matches, failures: {}, heap retained: {} MB",
                        run.id(),
                        Text.number(round.results()),
                        Text.number(round.failed()),
                        Text.number(Math.round(round.retained() / 1e6)));
            }
        } catch (CancellationException ex) {
            log.info("Run {} was cancelled", run.id());
            run.end(Run.Outcome.failed(ex));
        } catch (Throwable ex) {
            log.warn("Run {} failed: {}", run.id(), ex.toString());
            run.end(Run.Outcome.failed(ex));
        } finally {
            behavior.reset();
            runs.release();
        }
    }

    private void change(Run run) {
        RunSettings.Upstream upstream = run.settings().upstream();
        if (upstream != null) {
            behavior.change(upstream.latency(), upstream.failureShare(), upstream.items());
        }
    }

    /** Waits until a stopped run has stored its results. The beans that it uses are destroyed afterwards. */
    @Override
    public void destroy() throws InterruptedException {
        runs.awaitEnd();
    }
}
