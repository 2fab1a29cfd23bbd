package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Ways in which a queue ends its running tasks. */
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

    /** Returns the property that the application sets for this ending. */
    String property() {
        return property;
    }

    /** Puts three calls that a server holds, ends them, and waits until the server notices that they are aborted. */
    <T> void endsCallsOf(
            ApplicationContextRunner contextRunner, Function<SlowServer, CompletionStage<? extends @Nullable T>> call) {
        try (SlowServer server = SlowServer.holding()) {
            contextRunner.withPropertyValues(property).run(context -> {
                WorkerQueue<T> queue = context.getBean(QueueFactory.class).open();
                for (int i = 0; i < 3; i++) {
                    queue.putAsync(() -> call.apply(server));
                }
                server.awaitReceived(3);
                end(context, queue);
                server.awaitAborted(3);
                await().untilAsserted(() -> assertThat(queue.active()).isZero());
            });
            server.awaitNoneInFlight();
        }
    }

    /** Ends the running tasks. By default, the property ends them, and this method does nothing. */
    void end(ApplicationContext context, WorkerQueue<?> queue) throws InterruptedException {}
}
