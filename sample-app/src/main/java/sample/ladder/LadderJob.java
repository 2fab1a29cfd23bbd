package sample.ladder;

import io.github.workerqueue.QueueClosedException;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Reads the challenger and the master league, asks for every summoner in them, and stores their puuids in ladder order. */
@Component
class LadderJob {

    private static final Logger log = LoggerFactory.getLogger(LadderJob.class);

    private final QueueFactory queues;

    private final LeagueClient client;

    private final PuuidStore puuids;

    private final FailureLog failures;

    private final SampleProperties sample;

    private final UpstreamProperties upstream;

    LadderJob(
            QueueFactory queues,
            LeagueClient client,
            PuuidStore puuids,
            FailureLog failures,
            SampleProperties sample,
            UpstreamProperties upstream) {
        this.queues = queues;
        this.client = client;
        this.puuids = puuids;
        this.failures = failures;
        this.sample = sample;
        this.upstream = upstream;
    }

    LadderSummary run() throws InterruptedException {
        failures.take();
        try (WorkerQueue<Object> queue = queues.open("riot")) {
            queue.put(() -> client.challengerLeague(sample.rankedQueue()));
            queue.put(() -> client.masterLeague(sample.rankedQueue()));
            List<League> leagues = queue.join(League.class);

            List<LeagueEntry> entries = leagues.stream()
                    .flatMap(league -> league.entries().stream())
                    .toList();
            LongAdder calling = new LongAdder();
            List<String> joined;
            Duration elapsed;
            try (Progress progress = Progress.of("summoners", entries.size())) {
                long start = System.nanoTime();
                joined = puuids(queue, entries, calling, progress);
                elapsed = Duration.ofNanos(System.nanoTime() - start);
            }

            puuids.replaceAll(joined);
            return new LadderSummary(
                    sample.rankedQueue(),
                    leagues.size(),
                    entries.size(),
                    joined.size(),
                    failures.take(),
                    sample.toleratedFailures(),
                    elapsed,
                    latency(calling, entries.size()),
                    queue.workers());
        }
    }

    private List<String> puuids(
            WorkerQueue<Object> queue, List<LeagueEntry> entries, LongAdder calling, Progress progress)
            throws InterruptedException {
        try {
            queue.putAll(entries, entry -> puuid(entry, calling, progress));
        } catch (QueueClosedException stopping) {
            // The application stops: what the queue accepted is still drained, joined and stored
            log.warn(
                    "Stopped: {} of {} summoners were not asked for", entries.size() - queue.counter(), entries.size());
        }
        return queue.join(String.class);
    }

    private String puuid(LeagueEntry entry, LongAdder calling, Progress progress) {
        long start = System.nanoTime();
        try {
            return client.summoner(entry.summonerId()).puuid();
        } finally {
            calling.add(System.nanoTime() - start);
            progress.step();
        }
    }

    /** What one call costs at least: known of the embedded API, else the mean of what was measured. */
    private Duration latency(LongAdder calling, int calls) {
        return upstream.embedded() || calls == 0 ? upstream.latency() : Duration.ofNanos(calling.sum() / calls);
    }
}
