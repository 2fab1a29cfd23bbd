package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import sample.demo.upstream.UpstreamBehavior;

/** Tests for the runs of the command line. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "sample.job=both",
            "sample.matches.count=60",
            "spring.profiles.active=fast",
            "sample.upstream.latency=5ms"
        })
@ExtendWith(OutputCaptureExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(60)
class CommandLineRunTests {

    @Autowired
    private Runs runs;

    @Autowired
    private JobRunner runner;

    @Autowired
    private UpstreamBehavior behavior;

    @Test
    @Order(1)
    void jobsOfCommandLineAreListedAsRuns() {
        assertThat(runs.newestFirst())
                .extracting(Run::view)
                .satisfiesExactly(
                        run -> assertRun(run, "collect", 60),
                        run -> assertRun(run, "consume", 60),
                        run -> assertRun(run, null, 1000));
        assertThat(runs.isActive()).isFalse();
    }

    private static void assertRun(RunView run, @Nullable String mode, int items) {
        assertThat(run.source()).isEqualTo("command line");
        assertThat(run.state()).isEqualTo("complete");
        assertThat(run.settings().mode()).isEqualTo(mode);
        assertThat(run.settings().items()).isEqualTo(items);
        assertThat(run.summary().results()).isGreaterThan(items * 9 / 10);
        assertThat(run.samples().time()).hasSizeGreaterThan(1);
    }

    @Test
    @Order(2)
    void nextJobRunsWhenRunOfCommandLineIsCancelled(CapturedOutput output) throws Exception {
        behavior.change(Duration.ofSeconds(5), 0, 1000);
        FutureTask<Boolean> job = new FutureTask<>(() -> {
            runner.run(new DefaultApplicationArguments());
            return true;
        });
        int last = runs.newestFirst().get(0).id();
        Thread thread = new Thread(job);
        thread.setDaemon(true);
        thread.start();
        await().until(() -> runs.newestFirst().get(0).id() > last);
        Run run = runs.newestFirst().get(0);

        assertThat(runs.isActive()).isTrue();
        assertThat(run.cancel()).isTrue();
        await().until(() -> !run.view().state().equals("running"));
        behavior.reset();
        assertThat(job.get(40, TimeUnit.SECONDS)).isTrue();

        assertThat(run.view().state()).isEqualTo("cancelled");
        assertThat(run.cancel()).isFalse();
        assertThat(runs.newestFirst().get(0).view().state()).isEqualTo("complete");
        assertThat(output).contains("Matches 60: complete");
        assertThat(runner.getExitCode()).isOne();
    }
}
