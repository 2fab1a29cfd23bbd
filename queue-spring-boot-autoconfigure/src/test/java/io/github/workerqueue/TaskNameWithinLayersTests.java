package io.github.workerqueue;

import java.time.Duration;

/** Tests for the names of tasks that a timeout wraps. */
class TaskNameWithinLayersTests extends TaskNameTests {

    @Override
    WorkerQueue<String> open(Fixture fixture, int maxsize) {
        return fixture.open(
                settings -> settings.withWorkers(1).withMaxsize(maxsize).withTaskTimeout(Duration.ofMinutes(1)));
    }
}
