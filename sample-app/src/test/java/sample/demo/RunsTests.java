package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import sample.SampleApplication;
import sample.ladder.CallCounter;
import tools.jackson.databind.json.JsonMapper;

/** Tests for the list of the runs, and for the stop of the application during a run. */
@Timeout(60)
class RunsTests {

    @Test
    void oldestRunsAreRemovedWhenThereAreMoreThanTwenty() {
        Runs runs = new Runs(new CallCounter());
        RunSettings settings = new RunSettings(RunSettings.Job.LADDER, 1, 1, List.of(), null);
        for (int i = 0; i < 25; i++) {
            runs.add(settings, Run.PAGE).end(Run.Outcome.of(true, 0, Map.of(), null));
        }

        assertThat(runs.newestFirst()).hasSize(20).first().extracting(Run::id).isEqualTo(25);
        assertThat(runs.find(6)).isPresent();
        assertThat(runs.find(5)).isEmpty();
    }

    @Test
    void runOfPageStoresItsResultsWhenApplicationStops() {
        ConfigurableApplicationContext context = SpringApplication.run(
                SampleApplication.class, "--server.port=0", "--sample.job=none", "--spring.profiles.active=fast");
        RunSettings settings = context.getBean(RunForm.class)
                .parse(new JsonMapper().readTree("{\"latency\": 150, \"failureShare\": 0}"));
        Run run = context.getBean(RunLauncher.class).launch(settings);
        await().until(() -> run.view().summary().done() > 60);
        context.close();

        RunView stopped = run.view();
        assertThat(stopped.state()).isEqualTo("incomplete");
        assertThat(stopped.summary().results())
                .isBetween(60, 999)
                .isEqualTo((int) stopped.summary().done() - 2);
    }
}
