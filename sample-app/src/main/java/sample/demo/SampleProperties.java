package sample.demo;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the sample.
 *
 * @param job Job that runs after the start.
 * @param exitAfterRun Whether the application ends after the job, with status 0 if the job is complete.
 * @param rankedQueue Ranked queue whose ladder the ladder job reads.
 * @param toleratedFailures Maximum share of failed calls of a complete job.
 * @param rateLimitQueues Names of queues whose rate limits a run of the page can have, besides those of its job.
 * @param matches Properties of the matches job.
 */
@ConfigurationProperties("sample")
public record SampleProperties(
        @DefaultValue("ladder") Job job,
        @DefaultValue("false") boolean exitAfterRun,
        @DefaultValue("RANKED_SOLO_5x5") String rankedQueue,
        @DefaultValue("0.1") double toleratedFailures,
        @DefaultValue List<String> rateLimitQueues,
        @DefaultValue Matches matches) {

    /** Jobs of the sample. */
    public enum Job {
        LADDER,
        MATCHES,
        BOTH,
        NONE
    }

    /**
     * Properties of the matches job.
     *
     * @param count Number of matches to fetch.
     */
    public record Matches(@DefaultValue("3000") int count) {}
}
