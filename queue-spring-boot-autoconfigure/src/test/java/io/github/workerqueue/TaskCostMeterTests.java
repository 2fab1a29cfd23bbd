package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests for the measurement of the cost of tasks. */
class TaskCostMeterTests {

    private static final long LONG = SpinPolicy.LONG_TASK_NANOS + 1;

    private final List<Long> measured = new ArrayList<>();

    private long now = 5_000;

    private final TaskCostMeter meter = new TaskCostMeter(() -> now, (nanos, at) -> {
        assertThat(at).isEqualTo(now);
        measured.add(nanos);
    });

    @Test
    void taskCostIsAverageOfSixtyFourTasks() {
        meter.start();
        run(63, 100);
        assertThat(measured).isEmpty();
        run(1, 164);

        assertThat(measured).containsExactly(101L);
    }

    @Test
    void taskCostExcludesPauses() {
        meter.start();
        run(20, 100);
        meter.stop();
        now += 1_000_000;
        meter.start();
        run(20, 70);
        meter.stop();

        assertThat(measured).containsExactly(100L, 70L);
    }

    @Test
    void measurementBeginsWherePreviousOneEnded() {
        meter.start();
        run(64, 100);
        run(64, 60);
        run(20, 30);
        meter.stop();

        assertThat(measured).containsExactly(100L, 60L, 30L);
    }

    @Test
    void taskCostIsMeasuredOnlyForLongTasksWhenFewHaveRun() {
        meter.start();
        run(15, 100);
        meter.stop();
        meter.start();
        run(1, LONG - 1);
        meter.stop();
        meter.start();
        meter.stop();
        assertThat(measured).isEmpty();

        meter.start();
        run(1, LONG);
        meter.stop();
        meter.start();
        run(16, 100);
        meter.stop();

        assertThat(measured).containsExactly(LONG, 100L);
    }

    @Test
    void taskCostIgnoresSingleSlowMeasurement() {
        meter.start();
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
            meter.recordTask();
        }
    }
}
