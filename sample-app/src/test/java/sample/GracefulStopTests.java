package sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Tests for the end of the context during a job. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class GracefulStopTests {

    private static final String DATABASE = "jdbc:h2:mem:graceful-stop;DB_CLOSE_DELAY=-1";

    private static final Pattern STOPPED = Pattern.compile("Stopped: (\\d+) of 1000 summoners were not read");

    @Test
    void acceptedSummonersAreStoredOrReportedWhenContextClosesDuringJob(CapturedOutput output) throws Exception {
        SummonerGate gate = new SummonerGate(300);
        CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();
        SpringApplication application = new SpringApplication(SampleApplication.class);
        application.addInitializers(context -> {
            ((GenericApplicationContext) context).registerBean(SummonerGate.class, () -> gate);
            started.complete(context);
        });
        Thread run = new Thread(() -> application.run(
                "--server.port=0", "--spring.profiles.active=fast", "--spring.datasource.url=" + DATABASE));
        run.start();
        gate.awaitFirstHeld();
        ConfigurableApplicationContext context = started.get();

        Thread stop = new Thread(context::close);
        stop.start();
        try {
            await().until(() -> STOPPED.matcher(output).find());
        } finally {
            gate.open();
        }
        run.join(TimeUnit.SECONDS.toMillis(30));
        stop.join(TimeUnit.SECONDS.toMillis(30));

        assertThat(run.isAlive()).isFalse();
        assertThat(stop.isAlive()).isFalse();
        Matcher stopped = STOPPED.matcher(output);
        assertThat(stopped.find()).isTrue();
        int accepted = 1000 - Integer.parseInt(stopped.group(1));
        assertThat(accepted).isGreaterThan(300).isLessThan(1000);
        List<String> expected = LadderFile.puuids(LadderFile.lines().subList(0, accepted));
        assertThat(rows()).isEqualTo(expected);
        assertThat(output)
                .contains("Ladder RANKED_SOLO_5x5: INCOMPLETE")
                .contains("{ServiceUnavailable=" + (accepted - expected.size()) + "}");
    }

    private static List<String> rows() {
        return new JdbcTemplate(new DriverManagerDataSource(DATABASE, "sa", ""))
                .query("SELECT puuid FROM ladder_puuid ORDER BY position", (row, number) -> row.getString(1));
    }
}
