package io.github.workerqueue.test;

import static io.github.workerqueue.test.QueueAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** Tests for the test kit in an application, written like tests of a user. */
@SpringBootTest(
        classes = UserTests.Application.class,
        properties = {"queue.instances.riot.workers=4", "spring.main.web-application-type=none"})
@Import(TestQueueConfiguration.class)
@Timeout(60)
class UserTests {

    @Autowired
    private Ladder ladder;

    @Test
    void allPlayersAreFetched() throws InterruptedException {
        assertThat(ladder.puuids(List.of("a", "b", "c"))).containsExactly("puuid of a", "puuid of b", "puuid of c");
    }

    @Test
    void settingsAreThoseOfApplication() {
        assertThat(ladder.queues.settings("riot").workers()).isEqualTo(4);
    }

    @Test
    void countersAddUp() throws InterruptedException {
        try (WorkerQueue<String> queue = ladder.queues.open("riot")) {
            ladder.put(queue, List.of("a", "b"));
            assertThat(queue).isQuiet().hasCompleted(2).hasNoFailures().hasNothingLost();
        }
    }

    @Nested
    @TestPropertySource(properties = "queue.test.seed=42")
    class Shuffled {

        @Autowired
        private Ladder ladder;

        @Test
        void resultsAreInSubmissionOrderWhenTasksRunInAnotherOrder() throws InterruptedException {
            List<String> players =
                    IntStream.range(0, 50).mapToObj(String::valueOf).toList();
            ladder.came.clear();
            assertThat(ladder.puuids(players))
                    .isEqualTo(
                            players.stream().map(player -> "puuid of " + player).toList());
            assertThat(ladder.came).hasSize(50).isNotEqualTo(players);
        }
    }

    @Nested
    @TestPropertySource(properties = "queue.test.seed=${random.long}")
    class RandomSeed {

        @Test
        void resultsAreInSubmissionOrder(@Autowired Ladder ladder) throws InterruptedException {
            assertThat(ladder.puuids(List.of("a", "b"))).containsExactly("puuid of a", "puuid of b");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Ladder.class)
    static class Application {}

    static class Ladder {

        final QueueFactory queues;

        final List<String> came = new CopyOnWriteArrayList<>();

        Ladder(QueueFactory queues) {
            this.queues = queues;
        }

        List<String> puuids(List<String> players) throws InterruptedException {
            try (WorkerQueue<String> queue = queues.open("riot")) {
                put(queue, players);
                return queue.join();
            }
        }

        void put(WorkerQueue<String> queue, List<String> players) throws InterruptedException {
            queue.putAll(players, player -> {
                came.add(player);
                return "puuid of " + player;
            });
        }
    }
}
