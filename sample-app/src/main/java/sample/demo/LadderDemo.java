package sample.demo;

import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import sample.demo.upstream.UpstreamProperties;
import sample.ladder.CallCounter;
import sample.ladder.FailureLog;
import sample.ladder.Ladder;
import sample.ladder.LadderUpdate;

/** Run of the ladder job, with its progress and its summary. */
@Component
class LadderDemo {

    private static final Logger log = LoggerFactory.getLogger(LadderDemo.class);

    private final Ladder ladder;

    private final WorkerQueue<Object> queue;

    private final CallCounter counter;

    private final FailureLog failures;

    private final JdbcClient jdbc;

    private final SampleProperties sample;

    private final UpstreamProperties upstream;

    LadderDemo(
            Ladder ladder,
            @Qualifier("riot") WorkerQueue<Object> queue,
            CallCounter counter,
            FailureLog failures,
            JdbcClient jdbc,
            SampleProperties sample,
            UpstreamProperties upstream) {
        this.ladder = ladder;
        this.queue = queue;
        this.counter = counter;
        this.failures = failures;
        this.jdbc = jdbc;
        this.sample = sample;
        this.upstream = upstream;
    }

    LadderSummary run() throws InterruptedException {
        failures.take();
        long calls = counter.calls();
        long retries = counter.retries();
        Duration blocked = counter.blocked();
        int total = upstream.embedded() ? ladderSize() + 2 : 0;
        log.info(
                "Reading a ladder: {} workers, at most {} waiting tasks{}{}",
                queue.workers(),
                queue.maxsize(),
                queue.settings().rateLimits().isEmpty() ? "" : ", rate limit ",
                Text.rateLimits(queue.settings().rateLimits()));
        long start = System.nanoTime();
        LadderUpdate update;
        try (Progress progress = new Progress("Ladder", total, queue, counter)) {
            progress.start();
            update = ladder.update(sample.rankedQueue());
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        return new LadderSummary(
                sample.rankedQueue(),
                update,
                failures.take(),
                sample.toleratedFailures(),
                counter.calls() - calls,
                counter.retries() - retries,
                elapsed,
                counter.blocked().minus(blocked),
                upstream.embedded() ? upstream.latency() : Duration.ZERO,
                queue.workers(),
                queue.settings().rateLimits());
    }

    private int ladderSize() {
        return jdbc.sql("SELECT COUNT(*) FROM ladder_entry")
                .query(Integer.class)
                .single();
    }
}
