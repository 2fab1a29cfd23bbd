package io.github.workerqueue;

import java.time.Duration;

class TaskNameWithinLayersTests extends TaskNameTests {

    @Override
    WorkerQueue<String> open(Fixture fixture, int maxsize) {
        return fixture.open(
                settings -> settings.withWorkers(1).withMaxsize(maxsize).withTaskTimeout(Duration.ofMinutes(1)));
    }
}
