package sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;

/** Tests for the exit status of the application. */
@Timeout(60)
class ExitStatusTests {

    @Test
    void statusIsZeroWhenLadderIsStored() {
        assertThat(exitStatus()).isZero();
    }

    @Test
    void statusIsOneWhenTooManyCallsFail() {
        assertThat(exitStatus("--sample.upstream.failure-share=0.3")).isOne();
    }

    @Test
    void statusIsOneWhenLeaguesCannotBeRead() {
        assertThat(exitStatus("--sample.ranked-queue=RANKED_FLEX_SR")).isOne();
    }

    @Test
    void statusIsZeroWhenBothJobsAreComplete() {
        assertThat(exitStatus("--sample.job=both", "--sample.matches.count=100"))
                .isZero();
    }

    private static int exitStatus(String... arguments) {
        SpringApplication application = new SpringApplication(SampleApplication.class);
        String[] all = new String[arguments.length + 3];
        all[0] = "--server.port=0";
        all[1] = "--spring.profiles.active=fast";
        all[2] = "--sample.upstream.latency=5ms";
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return SpringApplication.exit(application.run(all));
    }
}
