package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Step-by-step tests for the threads that resume slots with completed stages. The test runs these threads itself. */
class AsyncResumerStepTests {

    private final HeldThreads threads = new HeldThreads();

    private final QueueEngine engine = threads.engine(2);

    private final List<CompletableFuture<String>> stages = new ArrayList<>();

    @Test
    void resumerThreadStartsNextThreadBeforeItResumesSlot() {
        List<Integer> started = new ArrayList<>();
        holdSlots();
        engine.overflow.put(NamedTask.ofAction(() -> started.add(threads.started.size())), 0);
        stages.forEach(stage -> stage.complete("done"));
        assertThat(threads.started).as("one comes, which is enough").hasSize(1);

        threads.started.remove().run();

        assertThat(started).containsExactly(1);
        assertThat(engine.slots.active()).isZero();
        threads.started.remove().run();
        assertThat(threads.started).isEmpty();
    }

    /** Occupies each slot with an incomplete stage. */
    private void holdSlots() {
        for (int i = 0; i < 2; i++) {
            CompletableFuture<String> stage = new CompletableFuture<>();
            stages.add(stage);
            engine.overflow.put(engine.tasks.createAsync(() -> stage, TaskOptions.defaults()), 0);
            engine.scheduler.wakeWorker();
        }
        while (!threads.started.isEmpty()) {
            threads.started.remove().run();
        }
        assertThat(engine.slots.active()).isEqualTo(2);
    }
}
