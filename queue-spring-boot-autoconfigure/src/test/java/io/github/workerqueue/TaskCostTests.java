package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests for the measurement of the cost of tasks. */
class TaskCostTests {

    private static final long LONG = TaskCost.LONG_TASK_NANOS + 1;

    private final List<Long> measured = new ArrayList<>();

    private long now = 5_000;

    private final TaskCost pace = new TaskCost(() -> now, (nanos, at) -> {
        assertThat(at).isEqualTo(now);
        measured.add(nanos);
    });

    @Test
    void taskCostIsAverageOfSixtyFourTasks() {
        pace.start();
        run(63, 100);
        assertThat(measured).isEmpty();
        run(1, 164);

        assertThat(measured).containsExactly(101L);
    }

    @Test
    void taskCostExcludesPauses() {
        pace.start();
        run(20, 100);
        pace.stop();
        now += 1_000_000;
        pace.start();
        run(20, 70);
        pace.stop();

        assertThat(measured).containsExactly(100L, 70L);
    }

    @Test
    void measurementBeginsWherePreviousOneEnded() {
        pace.start();
        run(64, 100);
        run(64, 60);
        run(20, 30);
        pace.stop();

        assertThat(measured).containsExactly(100L, 60L, 30L);
    }

    @Test
    void taskCostIsMeasuredOnlyForLongTasksWhenFewHaveRun() {
        pace.start();
        run(15, 100);
        pace.stop();
        pace.start();
        run(1, LONG - 1);
        pace.stop();
        pace.start();
        pace.stop();
        assertThat(measured).isEmpty();

        pace.start();
        run(1, LONG);
        pace.stop();
        pace.start();
        run(16, 100);
        pace.stop();

        assertThat(measured).containsExactly(LONG, 100L);
    }

    @Test
    void taskCostIgnoresSingleSlowMeasurement() {
        pace.start();
        run(64, 100);
        run(63, 100);
        run(1, 1_000_000);
        run(64, 100);
        run(64, 200);
        run(64, 300);

        assertThat(measured).containsExactly(100L, 100L, 100L, 100L, 200L);
    }

    private void run(int tasks, long nanos) {
        for (int i = 0; i < tasks; i++) {
            now += nanos;
            pace.recordTask();
        }
    }
}
