package sample.demo;

import io.github.workerqueue.RateLimit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a run.
 *
 * @param upstream behavior of the embedded API; null if the API is not the embedded one
 */
record RunSettings(
        Job job,
        int workers,
        int maxsize,
        List<RateLimit> rateLimits,
        @Nullable Upstream upstream) {

    /** Jobs of a run. The matches job has two of them, which fetch the same matches. */
    enum Job {
        LADDER("riot", "ladder", ""),
        CONSUME("matches", "matches", "consume"),
        COLLECT("matches", "matches", "collect");

        private final String queue;

        private final String job;

        private final String mode;

        Job(String queue, String job, String mode) {
            this.queue = queue;
            this.job = job;
            this.mode = mode;
        }

        /** Returns the name of the queue whose settings are the defaults of the job. */
        String queue() {
            return queue;
        }

        String job() {
            return job;
        }

        /** Returns the way in which matches are processed, empty for the ladder. */
        String mode() {
            return mode;
        }
    }

    /**
     * Behavior of the embedded API.
     *
     * @param latency mean response time
     * @param failureShare share of summoners or matches for which the API always fails
     * @param items number of summoners or matches
     */
    record Upstream(Duration latency, double failureShare, int items) {}

    RunSettings withRateLimits(List<RateLimit> limits) {
        return new RunSettings(job, workers, maxsize, limits, upstream);
    }

    RunView.Settings view() {
        return new RunView.Settings(
                job.job,
                job.mode.isEmpty() ? null : job.mode,
                workers,
                maxsize,
                Text.shortForm(rateLimits),
                upstream == null ? null : upstream.failureShare(),
                upstream == null ? null : upstream.latency().toMillis(),
                upstream == null ? null : upstream.items());
    }
}
