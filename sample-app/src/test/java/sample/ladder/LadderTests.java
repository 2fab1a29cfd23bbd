package sample.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.test.TestQueueConfiguration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/** Tests for the job with the queues of the test kit, which run each task in the thread of the test. */
@SpringBootTest(properties = {"sample.job=none", "spring.profiles.active=fast", "sample.upstream.embedded=false"})
@Import(TestQueueConfiguration.class)
@Timeout(60)
class LadderTests {

    @Autowired
    private Ladder ladder;

    @Autowired
    private PuuidStore puuids;

    @Autowired
    private FakeApi api;

    @Test
    void puuidsAreStoredInLadderOrderWithoutFailedSummoners() throws InterruptedException {
        api.failing = "m2";

        assertThat(ladder.update("RANKED")).isEqualTo(new LadderUpdate(2, 6, 5));
        assertThat(puuids.findAll()).containsExactly("puuid c1", "puuid c2", "puuid c3", "puuid m1", "puuid m3");
    }

    @Test
    void storedLadderIsKeptWhenLeagueCannotBeRead() throws InterruptedException {
        puuids.replaceAll(List.of("old"));
        api.failing = "MASTER";

        assertThat(ladder.update("RANKED")).isEqualTo(new LadderUpdate(1, 0, 0));
        assertThat(puuids.findAll()).containsExactly("old");
    }

    static class FakeApi implements LeagueApi {

        private String failing = "";

        @Override
        public League challengerLeague(String rankedQueue) {
            return league("CHALLENGER", "c", rankedQueue);
        }

        @Override
        public League masterLeague(String rankedQueue) {
            return league("MASTER", "m", rankedQueue);
        }

        @Override
        public Summoner summoner(String id) {
            failIf(id);
            return new Summoner(id, "puuid " + id, 30);
        }

        private League league(String tier, String prefix, String rankedQueue) {
            failIf(tier);
            List<LeagueEntry> entries = IntStream.rangeClosed(1, 3)
                    .mapToObj(i -> new LeagueEntry(prefix + i, 100 - i, "I", 3, 2))
                    .toList();
            return new League(tier, "1", rankedQueue, "Name", entries);
        }

        private void failIf(String name) {
            if (name.equals(failing)) {
                throw new IllegalStateException(name);
            }
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Configuration {

        @Bean
        @Primary
        FakeApi fakeApi() {
            return new FakeApi();
        }
    }
}
