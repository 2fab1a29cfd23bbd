package sample.ladder;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the sample does.
 *
 * @param job Job that runs at start.
 * @param exitAfterRun Whether the application ends after the job, with status 0 if the job did what it should.
 * @param warmUp Number of calls to the embedded API before the job, so that its figures are not those of a cold JVM.
 * @param rankedQueue Ranked queue whose ladder is read.
 * @param toleratedFailures Share of failing calls above which a job did not do what it should.
 * @param matches The matches job.
 */
@ConfigurationProperties("sample")
public record SampleProperties(
        @DefaultValue("ladder") Job job,
        @DefaultValue("false") boolean exitAfterRun,
        @DefaultValue("3000") int warmUp,
        @DefaultValue("RANKED_SOLO_5x5") String rankedQueue,
        @DefaultValue("0.1") double toleratedFailures,
        @DefaultValue Matches matches) {

    /** What can run at start. */
    public enum Job {
        LADDER,
        MATCHES,
        BOTH,
        NONE
    }

    /**
     * The matches job.
     *
     * @param count Number of matches that are fetched.
     */
    public record Matches(@DefaultValue("3000") int count) {}
}
