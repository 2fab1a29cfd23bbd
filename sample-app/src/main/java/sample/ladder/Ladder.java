package sample.ladder;

import io.github.workerqueue.QueueClosedException;
import io.github.workerqueue.WorkerQueue;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;

/**
 * Job that reads the challenger and the master league, then each summoner in them, and stores their puuids in ladder
 * order. The queue has the settings of {@code queue.instances.riot}. Only one thread at a time may run the job, since
 * it joins.
 */
@Service
public class Ladder {

    private static final Logger log = LoggerFactory.getLogger(Ladder.class);

    private final WorkerQueue<Object> queue;

    private final LeagueApi api;

    private final PuuidStore puuids;

    Ladder(@Qualifier("riot") WorkerQueue<Object> queue, LeagueApi api, PuuidStore puuids) {
        this.queue = queue;
        this.api = api;
        this.puuids = puuids;
    }

    /** Replaces the stored ladder, unless a league cannot be read. Blocks until all calls have ended. */
    public LadderUpdate update(String rankedQueue) throws InterruptedException {
        return update(rankedQueue, queue);
    }

    /** Replaces the stored ladder with the calls in this queue, which no other thread may join. */
    public LadderUpdate update(String rankedQueue, WorkerQueue<Object> queue) throws InterruptedException {
        queue.join(); // discards the results of an update that was interrupted
        queue.put(() -> api.challengerLeague(rankedQueue));
        queue.put(() -> api.masterLeague(rankedQueue));
        List<League> leagues = queue.join(League.class);
        if (leagues.size() < 2) {
            return new LadderUpdate(leagues.size(), 0, 0);
        }

        List<String> ids = leagues.stream()
                .flatMap(league -> league.entries().stream())
                .map(LeagueEntry::summonerId)
                .toList();
        try {
            queue.putAll(ids, id -> api.summoner(id).puuid());
        } catch (QueueClosedException stopping) {
            // On shutdown, the accepted tasks still run. The next join returns their results.
            log.warn("Stopped: {} of {} summoners were not read", ids.size() - queue.counter(), ids.size());
        }
        List<String> found = queue.join(String.class);
        puuids.replaceAll(found);
        return new LadderUpdate(leagues.size(), ids.size(), found.size());
    }
}
