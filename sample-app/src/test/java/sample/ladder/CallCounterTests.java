package sample.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the queue listener that counts calls. */
@Timeout(10)
class CallCounterTests {

    private final CallCounter counter = new CallCounter();

    @Test
    void callsIncludeRetries() throws InterruptedException {
        QueueSettings settings = QueueSettings.defaults()
                .withRetryPolicy((failure, attempts) -> attempts < 3 ? Duration.ZERO : null)
                .withExceptionHandler(failure -> {});
        try (QueueFactory queues = QueueFactory.builder()
                        .defaults(settings)
                        .listener(counter)
                        .build();
                WorkerQueue<String> queue = queues.open()) {
            queue.put(() -> "result");
            queue.put(() -> {
                throw new IllegalStateException();
            });
            queue.join();
        }

        assertThat(counter.calls()).isEqualTo(4);
        assertThat(counter.retries()).isEqualTo(2);
        assertThat(counter.blocked()).isZero();
    }
}
