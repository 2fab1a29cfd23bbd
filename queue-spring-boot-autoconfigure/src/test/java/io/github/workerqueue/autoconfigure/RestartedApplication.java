package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Application that uses all features of queues that could keep its class loader reachable, and then ends. */
public class RestartedApplication implements Callable<String> {

    private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

    private final String[] properties;

    public RestartedApplication(String... properties) {
        this.properties = properties;
    }

    @Override
    public String call() throws Exception {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(properties)
                    .and(
                            "queue.instances.riot.workers=3",
                            "queue.instances.riot.total-workers=2",
                            "queue.instances.riot.task-timeout=1h",
                            "queue.instances.riot.deadline=1h",
                            "queue.leak-trace=true",
                            "queue.shutdown.await-termination-period=200ms")
                    .applyTo(context);
            context.register(QueueAutoConfiguration.class, Ladder.class);
            context.refresh();
            use(context.getBean(QueueFactory.class));
            use(context.getBean(Ladder.class).queue());
        }
        return "done";
    }

    private static void use(QueueFactory factory) throws InterruptedException {
        try (WorkerQueue<Object> queue = factory.open("riot")) {
            use(queue);
        }
        WorkerQueue<Object> neverClosed = factory.open("never closed");
        use(neverClosed);
        CountDownLatch started = new CountDownLatch(1);
        neverClosed.put(() -> {
            started.countDown();
            return hang();
        });
        started.await();
        neverClosed.putAsync(CompletableFuture::new);
        factory.open("lost");
    }

    private static void use(WorkerQueue<Object> queue) throws InterruptedException {
        queue.putAll(List.of(new Item(1), new Item(2), new Item(3)), item -> {
            LOCAL.set(item);
            return item;
        });
        queue.submit(() -> new Item(4)).join();
        queue.put(() -> {
            throw new ItemException();
        });
        List<Item> tiny = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            tiny.add(new Item(i));
        }
        queue.executeAll(tiny, Item::number);
        try {
            queue.join(Duration.ofSeconds(20));
        } catch (TimeoutException ex) {
            throw new IllegalStateException(ex);
        }
        Thread.currentThread().interrupt();
        try {
            queue.put(() -> new Item(5));
        } catch (InterruptedException expected) {
            queue.execute(() -> LOCAL.set(new Item(6)));
        }
    }

    private static Object hang() throws InterruptedException {
        new CountDownLatch(1).await();
        return new Item(7);
    }

    record Ladder(@Qualifier("riot") WorkerQueue<Object> queue) {}

    private record Item(int number) {}

    private static final class ItemException extends Exception {

        private static final long serialVersionUID = 1;

        private final transient Item item = new Item(8);

        @Override
        public String getMessage() {
            return item.toString();
        }
    }
}
