package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueClosedException;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Tests for a job that puts and joins while the application stops: it stores its results before beans are destroyed.
 */
@Timeout(60)
class StoppedJobTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withBean(Store.class)
            .withBean(Job.class);

    @Test
    void jobStoresAcceptedTasksWhenApplicationStops() {
        contextRunner.run(context -> {
            Store store = context.getBean(Store.class);
            Job job = context.getBean(Job.class);
            CompletableFuture<Void> run = new CompletableFuture<>();
            Thread runner = new Thread(() -> {
                try {
                    job.run(Collections.nCopies(Integer.MAX_VALUE, 1));
                    run.complete(null);
                } catch (Throwable ex) {
                    run.completeExceptionally(ex);
                }
            });
            store.isHeldBack = job.running::hasQueuedThreads;
            runner.start();
            store.started.await();
            WorkerQueue<?> queue = context.getBean(QueueFactory.class).queues().get(0);
            context.getSourceApplicationContext().close();
            run.join();
            assertThat(store.events).hasSize(2).last().isEqualTo("store destroyed");
            assertThat(store.events.get(0))
                    .isEqualTo("saved " + queue.snapshot().put());
            assertThat(queue.snapshot().put()).isEqualTo(queue.snapshot().completed());
        });
    }

    static class Job implements DisposableBean {

        private final ReentrantLock running = new ReentrantLock();

        private final QueueFactory queues;

        private final Store store;

        Job(QueueFactory queues, Store store) {
            this.queues = queues;
            this.store = store;
        }

        void run(Iterable<Integer> ids) throws InterruptedException {
            running.lock();
            try (WorkerQueue<String> queue = queues.open("riot")) {
                try {
                    queue.putAll(ids, store::fetch);
                } catch (QueueClosedException stopping) {
                    // accepted tasks still run, and their results are joined and saved
                }
                store.save(queue.join());
            } finally {
                running.unlock();
            }
        }

        @Override
        public void destroy() throws InterruptedException {
            if (running.tryLock(10, TimeUnit.SECONDS)) {
                running.unlock();
            }
        }
    }

    static class Store implements DisposableBean {

        final CountDownLatch started = new CountDownLatch(1);

        volatile BooleanSupplier isHeldBack = () -> false;

        final List<String> events = new CopyOnWriteArrayList<>();

        String fetch(Integer id) {
            started.countDown();
            return "match " + id;
        }

        /** Blocks until the shutdown waits for the job, or has continued without it. */
        void save(List<String> matches) {
            while (!isHeldBack.getAsBoolean() && events.isEmpty()) {
                Thread.onSpinWait();
            }
            events.add("saved " + matches.size());
        }

        @Override
        public void destroy() {
            events.add("store destroyed");
        }
    }
}
