package sample.demo;

import io.github.workerqueue.FrozenIterable;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import sample.ladder.CallCounter;
import sample.ladder.FailureLog;
import tools.jackson.databind.json.JsonMapper;

/**
 * Job that fetches many matches twice, first consuming and then collecting them, and measures the heap that each way
 * retains.
 */
@Component
class MatchesJob {

    private static final Logger log = LoggerFactory.getLogger(MatchesJob.class);

    private final QueueFactory queues;

    private final MatchApi api;

    private final MatchStore durations;

    private final CallCounter counter;

    private final FailureLog failures;

    private final JsonMapper json;

    private final SampleProperties sample;

    MatchesJob(
            QueueFactory queues,
            MatchApi api,
            MatchStore durations,
            CallCounter counter,
            FailureLog failures,
            JsonMapper json,
            SampleProperties sample) {
        this.queues = queues;
        this.api = api;
        this.durations = durations;
        this.counter = counter;
        this.failures = failures;
        this.json = json;
        this.sample = sample;
    }

    MatchesSummary run() throws InterruptedException {
        int count = sample.matches().count();
        int first = Math.min(count, 200);
        durations.deleteAll();
        log.info(
                "Fetching {} matches once before the measurement, so that it does not count buffers and classes",
                first);
        consume(matches(first));
        durations.deleteAll();
        failures.take();
        MatchesSummary.Round consumed = consume(matches(count));
        MatchesSummary.Round collected = collect(matches(count));
        return new MatchesSummary(count, sample.toleratedFailures(), consumed, collected);
    }

    private MatchesSummary.Round consume(List<Match> matches) throws InterruptedException {
        long before = Heap.used(matches);
        try (WorkerQueue<Match> queue = queues.open("matches");
                Progress progress = new Progress("Consuming", matches.size(), queue, counter)) {
            progress.start();
            queue.executeAll(FrozenIterable.of(matches), this::consume);
            List<Match> joined = queue.join();
            long after = Heap.used(matches, joined);
            return new MatchesSummary.Round(durations.count(), failures.take(), after - before);
        }
    }

    private MatchesSummary.Round collect(List<Match> matches) throws InterruptedException {
        long before = Heap.used(matches);
        try (WorkerQueue<Match> queue = queues.open("matches");
                Progress progress = new Progress("Collecting", matches.size(), queue, counter)) {
            progress.start();
            queue.putAll(matches, this::fetch);
            List<Match> joined = queue.join();
            long after = Heap.used(matches, joined);
            return new MatchesSummary.Round(joined.size(), failures.take(), after - before);
        }
    }

    private void consume(Match match) {
        int seconds =
                json.readTree(match.json(api)).path("info").path("gameDuration").asInt();
        durations.save(match.id(), seconds);
    }

    private Match fetch(Match match) {
        match.json(api);
        return match;
    }

    /** Returns matches with ids that only the embedded API accepts. The real API lists matches by summoner. */
    private static List<Match> matches(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Match("NA1_" + (5_000_000_000L + i)))
                .toList();
    }
}
