package sample.ladder;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Calls the embedded API until its code and the client's are compiled, so that the jobs show the queue and not the JIT. */
@Component
class WarmUp {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    private static final int WORKERS = 100;

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
        log.info("Warming up with {} calls", sample.warmUp());
        List<LeagueEntry> entries =
                client.challengerLeague(sample.rankedQueue()).entries();
        List<String> ids = IntStream.range(0, sample.warmUp())
                .mapToObj(i -> entries.get(i % entries.size()).summonerId())
                .toList();
        try (WorkerQueue<Void> queue = queues.open("warm-up", settings -> settings.withWorkers(WORKERS))) {
            queue.executeAll(ids, client::summoner);
        }
    }
}
