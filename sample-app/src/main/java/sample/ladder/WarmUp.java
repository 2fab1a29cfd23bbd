package sample.ladder;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** Calls the embedded API until its code and the client's are compiled, so that the jobs show the queue and not the JIT. */
@Component
class WarmUp {

    private final QueueFactory queues;

    private final LeagueClient client;

    private final SampleProperties sample;

    private final UpstreamProperties upstream;

    WarmUp(QueueFactory queues, LeagueClient client, SampleProperties sample, UpstreamProperties upstream) {
        this.queues = queues;
        this.client = client;
        this.sample = sample;
        this.upstream = upstream;
    }

    void run() throws InterruptedException {
        if (!upstream.embedded() || sample.warmUp() == 0) {
            return;
        }
        List<LeagueEntry> entries =
                client.challengerLeague(sample.rankedQueue()).entries();
        List<String> ids = IntStream.range(0, sample.warmUp())
                .mapToObj(i -> entries.get(i % entries.size()).summonerId())
                .toList();
        try (Progress progress = Progress.of("warming up", sample.warmUp());
                WorkerQueue<Void> queue = queues.open("warm-up")) {
            queue.executeAll(ids, id -> call(id, progress));
        }
    }

    private void call(String id, Progress progress) {
        try {
            client.summoner(id);
        } finally {
            progress.step();
        }
    }
}
