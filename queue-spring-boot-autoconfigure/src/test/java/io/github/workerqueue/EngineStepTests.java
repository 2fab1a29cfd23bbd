package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which slots the engine wakes, step by step: it is the test that runs them. */
class EngineStepTests {

    private final HeldThreads threads = new HeldThreads();

    private final Engine engine = threads.engine(3, 1);

    @Test
    void aChildThatGetsRoomHasASlotWoken() {
        List<Integer> started = new ArrayList<>();
        Callable<?> task = () -> started.add(threads.started.size());
        assertThat(engine.overflow.put(task, 0)).isTrue();
        engine.wakeWorker();
        assertThat(engine.overflow.put(task, 0)).isTrue();
        engine.wakeWorker();
        assertThat(threads.started).as("one searches, which is enough").hasSize(1);

        threads.started.remove().run();

        assertThat(started)
                .as("another starts beside the first, as that may block")
                .startsWith(1);
    }

    @Test
    void aStageThatHasFailedWhenTheQueueIsClosedIsAFailureAndNotTriedAgain() {
        List<AbandonedTask> abandoned = new ArrayList<>();
        Engine retrying = threads.engine(QueueSettings.defaults()
                .withWorkers(1)
                .withExceptionHandler(failure -> {})
                .withAbandonedTaskHandler(abandoned::add)
                .withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        CompletableFuture<String> stage = new CompletableFuture<>();
        retrying.overflow.put(retrying.layers.async(() -> stage, TaskOptions.defaults()), 0);
        retrying.wakeWorker();
        threads.started.remove().run();
        stage.completeExceptionally(new IOException("before the close"));

        retrying.closing.abort();
        while (!threads.started.isEmpty()) {
            threads.started.remove().run();
        }

        QueueSnapshot figures = Figures.of(retrying);
        assertThat(figures.cancelled()).isEqualTo(abandoned.size());
        assertThat(figures.failed()).isOne();
        assertThat(figures.depth()).isZero();
    }
}
