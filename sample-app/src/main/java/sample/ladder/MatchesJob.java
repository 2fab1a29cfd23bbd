package sample.ladder;

import io.github.workerqueue.FrozenIterable;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Fetches many matches twice, first consuming them and then collecting them, and weighs what each way keeps alive. */
@Component
class MatchesJob {

    private final QueueFactory queues;

    private final LeagueClient client;

    private final MatchStore durations;

    private final FailureLog failures;

    private final JsonMapper json;

    private final SampleProperties sample;

    MatchesJob(
            QueueFactory queues,
            LeagueClient client,
            MatchStore durations,
            FailureLog failures,
            JsonMapper json,
            SampleProperties sample) {
        this.queues = queues;
        this.client = client;
        this.durations = durations;
        this.failures = failures;
        this.json = json;
        this.sample = sample;
    }

    MatchesSummary run() throws InterruptedException {
        int count = sample.matches().count();
        durations.deleteAll();
        // Buffers, connections and classes that the first calls leave behind are not to be taken for matches
        consume(matches(Math.min(count, 200)));
        durations.deleteAll();
        failures.take();
        MatchesSummary.Round consumed = consume(matches(count));
        MatchesSummary.Round collected = collect(matches(count));
        return new MatchesSummary(count, sample.toleratedFailures(), consumed, collected);
    }

    private MatchesSummary.Round consume(List<Match> matches) throws InterruptedException {
        long before = Heap.used(matches);
        try (WorkerQueue<Match> queue = queues.open("riot");
                Progress progress = Progress.of("consuming", matches.size())) {
            queue.executeAll(FrozenIterable.of(matches), match -> consume(match, progress));
            List<Match> joined = queue.join();
            long after = Heap.used(matches, joined);
            return new MatchesSummary.Round(durations.count(), failures.take(), after - before);
        }
    }

    private MatchesSummary.Round collect(List<Match> matches) throws InterruptedException {
        long before = Heap.used(matches);
        try (WorkerQueue<Match> queue = queues.open("riot");
                Progress progress = Progress.of("collecting", matches.size())) {
            queue.putAll(matches, match -> fetch(match, progress));
            List<Match> joined = queue.join();
            long after = Heap.used(matches, joined);
            return new MatchesSummary.Round(joined.size(), failures.take(), after - before);
        }
    }

    private void consume(Match match, Progress progress) {
        try {
            int seconds = json.readTree(match.json(client))
                    .path("info")
                    .path("gameDuration")
                    .asInt();
            durations.save(match.id(), seconds);
        } finally {
            progress.step();
        }
    }

    private Match fetch(Match match, Progress progress) {
        try {
            match.json(client);
            return match;
        } finally {
            progress.step();
        }
    }

    /** Ids that only the embedded API knows: the real one lists its matches by summoner. */
    private List<Match> matches(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Match("NA1_" + (5_000_000_000L + i)))
                .toList();
    }
}
