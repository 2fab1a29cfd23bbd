package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.integration.annotation.ServiceActivator;
import org.springframework.integration.channel.ExecutorChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.support.GenericMessage;

/** Tests for a queue as the {@code TaskExecutor} of a Spring Integration channel. */
@Timeout(60)
class TaskExecutorTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(QueueAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
            .withUserConfiguration(Flow.class)
            .withPropertyValues("queue.instances.riot.workers=2", "queue.instances.riot.maxsize=1");

    @Test
    void messagesAreHandledOnWorkerThreads() {
        contextRunner.run(context -> {
            Flow flow = context.getBean(Flow.class);
            flow.goOn.countDown();
            for (int i = 0; i < 20; i++) {
                assertThat(channel(context).send(new GenericMessage<>("match " + i)))
                        .isTrue();
            }
            await().untilAsserted(() -> assertThat(flow.handled).hasSize(20));
            assertThat(flow.handled)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 20).mapToObj(i -> "match " + i).toList());
            assertThat(flow.threads).allMatch(thread -> thread.startsWith("queue-riot-"));
        });
    }

    @Test
    void senderBlocksWhenQueueIsFull() {
        contextRunner.run(context -> {
            WorkerQueue<?> queue = context.getBean("queue.instances.riot", WorkerQueue.class);
            Thread sender = new Thread(() -> {
                for (int i = 0; i < 5; i++) {
                    channel(context).send(new GenericMessage<>("match " + i));
                }
            });
            sender.start();
            await().untilAsserted(() -> {
                assertThat(queue.active()).isEqualTo(2);
                assertThat(queue.depth()).isEqualTo(1);
                assertThat(queue.snapshot().blockedProducers()).isEqualTo(1);
            });
            context.getBean(Flow.class).goOn.countDown();
            sender.join();
            assertThat(queue.counter()).isEqualTo(5);
        });
    }

    @Test
    void messageIsRejectedWhenQueueIsClosed() {
        contextRunner.run(context -> {
            context.getBean("queue.instances.riot", WorkerQueue.class).close();
            assertThatThrownBy(() -> channel(context).send(new GenericMessage<>("match")))
                    .isInstanceOf(MessageDeliveryException.class);
        });
    }

    private static MessageChannel channel(ApplicationContext context) {
        return context.getBean("matches", MessageChannel.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableIntegration
    static class Flow {

        final CountDownLatch goOn = new CountDownLatch(1);

        final List<String> handled = new CopyOnWriteArrayList<>();

        final List<String> threads = new CopyOnWriteArrayList<>();

        @Bean
        static ExecutorChannel matches(@Qualifier("riot") WorkerQueue<Object> queue) {
            return new ExecutorChannel(new TaskExecutorAdapter(queue.asExecutorService()));
        }

        @ServiceActivator(inputChannel = "matches")
        void handle(String match) throws InterruptedException {
            goOn.await();
            threads.add(Thread.currentThread().getName());
            handled.add(match);
        }
    }
}
