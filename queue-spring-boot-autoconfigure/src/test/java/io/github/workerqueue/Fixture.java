package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Factory of queues and threads of one kind, which it ends after the test. Each task of the queues must then have
 * completed, failed or been cancelled.
 */
final class Fixture implements AutoCloseable {

    /** Maximum time that a test waits for a condition. Mutation tests use less, since most of their runs fail. */
    static final int DEADLINE_SECONDS = Integer.getInteger("queue.test.deadline", 10);

    private static final long DEADLINE_NANOS =
            Duration.ofSeconds(DEADLINE_SECONDS).toNanos();

    private final boolean virtual;

    private final ThreadFactory threads;

    private final List<QueueFactory> factories = new CopyOnWriteArrayList<>();

    private final List<WorkerQueue<?>> queues = new CopyOnWriteArrayList<>();

    private final List<Fork<?>> forks = new CopyOnWriteArrayList<>();

    /** Failures of the queues without an exception handler of their own. */
    final Queue<TaskFailure> failures = new ConcurrentLinkedQueue<>();

    private @Nullable QueueFactory factory;

    Fixture(boolean virtual) {
        this.virtual = virtual;
        this.threads = virtual ? VirtualThreads.factory("test") : Fixture::platformThread;
    }

    /** Returns a fixture per kind of threads that the JVM supports, or that of {@code -Dworkerqueue.threads} only. */
    static Stream<Fixture> all() {
        String kind = System.getProperty("workerqueue.threads", "");
        return Stream.of(false, true)
                .filter(virtual -> !virtual || Runtime.version().feature() >= 21)
                .map(Fixture::new)
                .filter(fixture -> fixture.toString().startsWith(kind));
    }

    private static Thread platformThread(Runnable body) {
        Thread thread = new Thread(body, "test");
        thread.setDaemon(true);
        return thread;
    }

    boolean isVirtual() {
        return virtual;
    }

    QueueSettings settings() {
        return QueueSettings.defaults()
                .withExceptionHandler(failures::add)
                .withAbandonedTaskHandler(task -> {})
                .withVirtualThreads(virtual);
    }

    QueueFactory factory() {
        QueueFactory made = factory;
        if (made == null) {
            made = factory(UnaryOperator.identity());
            factory = made;
        }
        return made;
    }

    QueueFactory factory(UnaryOperator<QueueFactory.Builder> change) {
        QueueFactory made =
                change.apply(QueueFactory.builder().defaults(settings())).build();
        factories.add(made);
        return made;
    }

    <T> WorkerQueue<T> open(int workers, int maxsize) {
        return open(settings -> settings.withWorkers(workers).withMaxsize(maxsize));
    }

    <T> WorkerQueue<T> open(UnaryOperator<QueueSettings> change) {
        return open(factory(), change);
    }

    <T> WorkerQueue<T> open(QueueFactory factory, int workers, int maxsize) {
        return open(factory, settings -> settings.withWorkers(workers).withMaxsize(maxsize));
    }

    <T> WorkerQueue<T> open(QueueFactory factory, UnaryOperator<QueueSettings> change) {
        WorkerQueue<T> queue = factory.open(change);
        queues.add(queue);
        return queue;
    }

    <T extends @Nullable Object> Fork<T> fork(Callable<T> body) {
        Fork<T> fork = new Fork<>(threads, body);
        forks.add(fork);
        return fork;
    }

    Fork<@Nullable Void> forkAction(TaskAction body) {
        return this.<@Nullable Void>fork(() -> {
            body.run();
            return null;
        });
    }

    /** Occupies all workers with blocked tasks, and waits until these run. */
    Blocker block(WorkerQueue<?> queue) throws InterruptedException {
        Blocker blocker = new Blocker();
        for (int i = 0; i < queue.workers(); i++) {
            queue.execute(blocker);
        }
        blocker.awaitStarted(queue.workers());
        return blocker;
    }

    /** Puts tasks without effect until the queue is full. */
    void fill(WorkerQueue<?> queue) {
        while (queue.depth() < queue.maxsize()) {
            assertThat(queue.offer(() -> null)).isTrue();
        }
    }

    /** Calls {@link #block}, then {@link #fill}. */
    Blocker blockAndFill(WorkerQueue<?> queue) throws InterruptedException {
        Blocker blocker = block(queue);
        fill(queue);
        return blocker;
    }

    static void awaitBlockedProducers(WorkerQueue<?> queue, int count) {
        until(count + " producers are blocked", () -> queue.snapshot().blockedProducers() == count);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ex) {
            throw new AssertionError("interrupted", ex);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE_SECONDS + " s: " + what);
            }
            LockSupport.parkNanos(50_000);
        }
    }

    @Override
    public void close() {
        queues.forEach(queue -> queue.close(Duration.ZERO));
        forks.forEach(Fork::interrupt);
        for (WorkerQueue<?> queue : queues) {
            until("all that was put has ended: " + queue, () -> hasEnded(queue.snapshot()));
        }
        factories.forEach(made -> made.close(Duration.ZERO));
        forks.forEach(fork -> until("the test's threads have ended", fork::isDone));
    }

    private static boolean hasEnded(QueueSnapshot figures) {
        return figures.depth() == 0 && figures.put() == figures.completed() + figures.failed() + figures.cancelled();
    }

    @Override
    public String toString() {
        return virtual ? "virtual" : "platform";
    }
}
