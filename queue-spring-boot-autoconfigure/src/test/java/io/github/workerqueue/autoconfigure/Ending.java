package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.time.Duration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The ways in which a queue ends what it has started. */
enum Ending {
    CANCEL("queue.enabled=true") {
        @Override
        void end(ApplicationContext context, WorkerQueue<?> queue) {
            queue.cancel();
        }
    },

    CLOSE("queue.enabled=true") {
        @Override
        void end(ApplicationContext context, WorkerQueue<?> queue) {
            assertThat(queue.close(Duration.ofMillis(50))).isFalse();
        }
    },

    INTERRUPTED_CLOSE("queue.enabled=true") {
        @Override
        void end(ApplicationContext context, WorkerQueue<?> queue) {
            Thread.currentThread().interrupt();
            queue.close();
            assertThat(Thread.interrupted()).isTrue();
        }
    },

    FAIL_FAST("queue.fail-fast=true") {
        @Override
        void end(ApplicationContext context, WorkerQueue<?> queue) throws InterruptedException {
            queue.execute(() -> {
                throw new IOException("the first failure");
            });
        }
    },

    TASK_TIMEOUT("queue.task-timeout=2s"),

    DEADLINE("queue.deadline=2s"),

    STOP("queue.shutdown.await-termination-period=50ms") {
        @Override
        void end(ApplicationContext context, WorkerQueue<?> queue) {
            ((ConfigurableApplicationContext) context).close();
        }
    };

    private final String property;

    Ending(String property) {
        this.property = property;
    }

    /** What the application needs for it. */
    String property() {
        return property;
    }

    /** Does it; what a property does comes by itself. */
    void end(ApplicationContext context, WorkerQueue<?> queue) throws InterruptedException {}
}
