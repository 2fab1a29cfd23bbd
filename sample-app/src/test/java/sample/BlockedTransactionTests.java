package sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueReport;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.event.QueueStalledEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests for puts inside transactions, which hold a connection while the queue is full. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class BlockedTransactionTests {

    private static final int CALLERS = 4;

    private static final int TASKS_PER_CALLER = 10;

    @Test
    void callersAndTasksStallWhenCallersHoldAllConnections(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start(CALLERS)) {
            WorkerQueue<Integer> queue = context.getBean(QueueFactory.class).open("after");
            List<Thread> callers = put(context, queue);
            Events events = context.getBean(Events.class);
            await().untilAsserted(() -> assertThat(events.stalled).isNotEmpty());
            QueueReport report = events.stalled.element().report();

            assertThat(report.running()).hasSize(2);
            assertThat(report.blocked())
                    .extracting(blocked -> blocked.thread())
                    .containsExactlyInAnyOrderElementsOf(callers);
            assertThat(output)
                    .contains("Queue 'after'", "has stalled: all workers (2) have been busy with the same tasks")
                    .contains("com.zaxxer.hikari.pool.HikariPool.getConnection")
                    .containsPattern("producer caller-\\d has been blocked for ");
            assertThat(queue.snapshot().completed()).isZero();

            callers.forEach(Thread::interrupt);
            await().untilAsserted(() -> {
                QueueSnapshot figures = queue.snapshot();
                assertThat(figures.completed()).isGreaterThanOrEqualTo(6).isEqualTo(figures.put());
            });
        }
    }

    @Test
    void allTasksRunWhenPoolHasOneConnectionMoreThanCallers() {
        try (ConfigurableApplicationContext context = start(CALLERS + 1)) {
            WorkerQueue<Integer> queue = context.getBean(QueueFactory.class).open("after");
            List<Thread> callers = put(context, queue);
            await().untilAsserted(() -> assertThat(queue.snapshot().completed()).isEqualTo(CALLERS * TASKS_PER_CALLER));
            assertThat(callers).allSatisfy(caller -> caller.join());
        }
    }

    private static ConfigurableApplicationContext start(int connections) {
        return new SpringApplicationBuilder(Events.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.datasource.url=jdbc:h2:mem:blocked" + connections,
                        "--spring.datasource.hikari.maximum-pool-size=" + connections,
                        "--spring.config.name=none",
                        "--queue.stall.after=200ms",
                        "--queue.instances.after.workers=2",
                        "--queue.instances.after.maxsize=4");
    }

    /** Lets each caller put in a transaction of its own, once all of them have begun theirs. */
    private static List<Thread> put(ConfigurableApplicationContext context, WorkerQueue<Integer> queue) {
        TransactionTemplate transactions = context.getBean(TransactionTemplate.class);
        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
        CyclicBarrier begun = new CyclicBarrier(CALLERS);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            FutureTask<@Nullable Void> body = new FutureTask<>(() -> {
                transactions.executeWithoutResult(status -> {
                    jdbc.queryForObject("SELECT 1", Integer.class);
                    putAll(jdbc, queue, begun);
                });
                return null;
            });
            Thread caller = new Thread(body, "caller-" + i);
            caller.setDaemon(true);
            caller.start();
            callers.add(caller);
        }
        return callers;
    }

    private static void putAll(JdbcTemplate jdbc, WorkerQueue<Integer> queue, CyclicBarrier begun) {
        try {
            begun.await();
            for (int i = 0; i < TASKS_PER_CALLER; i++) {
                queue.put(() -> jdbc.queryForObject("SELECT 1", Integer.class));
            }
        } catch (Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Events {

        private final ConcurrentLinkedQueue<QueueStalledEvent> stalled = new ConcurrentLinkedQueue<>();

        @EventListener
        void stalled(QueueStalledEvent event) {
            stalled.add(event);
        }
    }
}
