package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import sample.ladder.CallCounter;

/** Tests for the progress of a job. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(20)
class ProgressTests {

    private final CallCounter counter = new CallCounter();

    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void lineShowsDoneRunningAndWaitingTasksAndBlockedProducer(CapturedOutput output) throws Exception {
        try (QueueFactory queues = factory();
                WorkerQueue<Integer> queue = queues.open("things");
                Progress progress = new Progress("Things", 1000, queue, counter)) {
            progress.start();
            Thread producer = producer(queue);
            try {
                await().until(() -> output.getOut().contains("Things: "));
                assertThat(output.getOut().lines().filter(line -> line.contains("Things: ")))
                        .first()
                        .asString()
                        .matches(".*Things: 3/1,000, \\d calls/s, running 2, waiting 4, blocked");
            } finally {
                release.countDown();
                producer.join();
            }
        }
    }

    @Test
    void longestLineFitsHundredColumns(CapturedOutput output) throws Exception {
        QueueSettings settings = QueueSettings.defaults()
                .withWorkers(150)
                .withMaxsize(300)
                .withRetryPolicy((failure, attempts) -> Duration.ofMinutes(5));
        try (QueueFactory queues = QueueFactory.builder()
                        .defaults(settings)
                        .listener(counter)
                        .build();
                WorkerQueue<Integer> queue = queues.open("things");
                Progress progress = new Progress("Ladder", 2_000, queue, counter)) {
            progress.start();
            Thread producer = new Thread(() -> {
                try {
                    queue.executeAll(IntStream.range(0, 2_000).boxed().toList(), item -> {
                        if (item >= 1_000 && item < 1_150) {
                            throw new IllegalStateException("retry");
                        } else if (item >= 1_150) {
                            release.await();
                        }
                    });
                } catch (Exception ex) {
                    Thread.currentThread().interrupt();
                }
            });
            producer.setDaemon(true);
            producer.start();
            try {
                await().until(() -> output.getOut().contains("running 150, waiting 450 (150 to retry)"));
            } finally {
                queue.cancel();
                producer.join();
            }
            assertThat(output.getOut().lines().filter(line -> line.contains("Ladder: 1,000/2,000, ")))
                    .isNotEmpty()
                    .map(line -> line.replaceFirst(".*?Ladder", "12:00:00 INFO  Ladder")
                            .length())
                    .allMatch(length -> length <= 100);
        }
    }

    @Test
    void linesSayThatQueueDrainsWhenItIsClosed(CapturedOutput output) throws Exception {
        try (QueueFactory queues = factory()) {
            WorkerQueue<Integer> queue = queues.open("things");
            try (Progress progress = new Progress("Things", 1000, queue, counter)) {
                progress.start();
                Thread producer = producer(queue);
                await().until(() -> queue.snapshot().blockedProducers() == 1);
                Thread close = new Thread(queue::close);
                close.start();
                try {
                    await().until(() -> output.getOut().contains("Things: 3 done, draining, "));
                } finally {
                    release.countDown();
                    close.join();
                    producer.join();
                }
            }
        }
    }

    private QueueFactory factory() {
        return QueueFactory.builder()
                .defaults(QueueSettings.defaults().withWorkers(2).withMaxsize(4))
                .listener(counter)
                .build();
    }

    /** Starts to put ten tasks. The first three of them end, the next ones wait for the release. */
    private Thread producer(WorkerQueue<Integer> queue) {
        Thread producer = new Thread(() -> {
            try {
                queue.executeAll(IntStream.range(0, 10).boxed().toList(), item -> {
                    if (item >= 3) {
                        release.await();
                    }
                });
            } catch (Exception ex) {
                Thread.currentThread().interrupt();
            }
        });
        producer.setDaemon(true);
        producer.start();
        return producer;
    }
}
