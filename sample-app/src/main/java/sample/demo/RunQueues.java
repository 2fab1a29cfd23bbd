package sample.demo;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RateLimit;
import io.github.workerqueue.WorkerQueue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Factory of the queues of the runs. All queues of a name share its rate limits, which {@link QueueFactory#open} cannot
 * change. A run with other rate limits than those of its job therefore opens a queue with another name.
 */
@Component
class RunQueues {

    private final QueueFactory queues;

    private final List<String> limited;

    RunQueues(QueueFactory queues, SampleProperties sample) {
        this.queues = queues;
        this.limited = sample.rateLimitQueues();
    }

    /** Opens a queue with the settings of the job, apart from those of the run. */
    <T> WorkerQueue<T> open(RunSettings run) {
        QueueSettings ofJob = queues.settings(run.job().queue());
        return queues.open(
                name(run),
                ofName -> ofJob.withRateLimits(ofName.rateLimits())
                        .withTotalWorkers(ofName.totalWorkers())
                        .withWorkers(run.workers())
                        .withMaxsize(run.maxsize()));
    }

    /** Opens a queue without rate limits, if there is a name without them. */
    <T> WorkerQueue<T> openUnlimited(RunSettings run) {
        return open(rateLimits(run.job()).contains(List.of()) ? run.withRateLimits(List.of()) : run);
    }

    private String name(RunSettings run) {
        return names(run.job())
                .filter(name -> queues.settings(name).rateLimits().equals(run.rateLimits()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the possible rate limits of a job, beginning with those of its own queue. */
    Set<List<RateLimit>> rateLimits(RunSettings.Job job) {
        Set<List<RateLimit>> limits = new LinkedHashSet<>();
        names(job).forEach(name -> limits.add(queues.settings(name).rateLimits()));
        return limits;
    }

    private Stream<String> names(RunSettings.Job job) {
        return Stream.concat(Stream.of(job.queue()), limited.stream());
    }
}
