package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueClosedException;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A job that puts and joins while the application stops stores what was accepted before what it needs is destroyed. */
@Timeout(60)
class StoppedJobTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withBean(Store.class)
            .withBean(Job.class)
            .withBean(FirstDestroyed.class);

    @Test
    void whatWasAcceptedIsStored() {
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
                    // what was accepted is still run, joined and saved
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

    record FirstDestroyed(Job job, Store store) implements DisposableBean {

        @Override
        public void destroy() {
            store.beansAreDestroyed.countDown();
        }
    }

    static class Store implements DisposableBean {

        final CountDownLatch started = new CountDownLatch(1);

        final CountDownLatch beansAreDestroyed = new CountDownLatch(1);

        final List<String> events = new ArrayList<>();

        String fetch(Integer id) {
            started.countDown();
            return "match " + id;
        }

        void save(List<String> matches) throws InterruptedException {
            beansAreDestroyed.await();
            add("saved " + matches.size());
        }

        @Override
        public void destroy() {
            add("store destroyed");
        }

        private synchronized void add(String event) {
            events.add(event);
        }
    }
}
