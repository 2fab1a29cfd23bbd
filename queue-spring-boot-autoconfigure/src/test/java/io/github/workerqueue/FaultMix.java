package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Injector of faults at random points among healthy tasks of one queue, with a check of the invariants. */
final class FaultMix {

    static final int FAULTS = Integer.getInteger("workerqueue.faults", 1_000);

    private static final int PRODUCERS = 3;

    /** Fault that puts a faulty task, or puts a task in a faulty way. */
    interface Fault {

        void inject(FaultMix mix, Random random) throws Exception;
    }

    /** Result of a task. The numbers of the results of one producer must be in ascending order. */
    record Result(int producer, int number) {}

    private final Fixture fixture;

    private final Random random;

    private final String run;

    private final QueueExceptionHandler handler;

    final WorkerQueue<Object> queue;

    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

    private final AtomicInteger numbers = new AtomicInteger();

    private final Set<Object> expected = ConcurrentHashMap.newKeySet();

    private final Queue<Object> results = new ConcurrentLinkedQueue<>();

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    private final Queue<CompletableFuture<?>> failing = new ConcurrentLinkedQueue<>();

    private final Queue<CompletableFuture<?>> healthy = new ConcurrentLinkedQueue<>();

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    FaultMix(String test, Fixture fixture) {
        this(test, fixture, fixture.factory(), failure -> {});
    }

    /** Creates a mix that records each failure and then calls the handler. */
    FaultMix(String test, Fixture fixture, QueueFactory factory, QueueExceptionHandler handler) {
        long seed = Long.getLong("workerqueue.faults.seed", System.nanoTime());
        this.run = test + " on " + fixture + " threads: seed " + seed;
        System.out.println(run);
        this.fixture = fixture;
        this.random = new Random(seed);
        this.handler = handler;
        int workers = 1 + random.nextInt(5);
        int maxsize = 1 + random.nextInt(10);
        this.queue = fixture.open(
                factory,
                settings -> settings.withWorkers(workers).withMaxsize(maxsize).withExceptionHandler(this::handle));
    }

    private void handle(TaskFailure failure) {
        handled.add(failure.task());
        handler.handle(failure);
    }

    /** Injects the fault {@link #FAULTS} times, and checks the invariants. */
    void run(Fault fault) throws Exception {
        try {
            quietly(() -> {
                inject(fault);
                check();
                assertFullCapacity(fixture, queue);
            });
        } catch (Throwable ex) {
            throw new AssertionError(run, ex);
        }
    }

    private void inject(Fault fault) throws Exception {
        AtomicInteger left = new AtomicInteger(FAULTS);
        List<Fork<?>> producers = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            int producer = p;
            Random own = new Random(random.nextLong());
            producers.add(fixture.forkAction(() -> {
                while (left.getAndDecrement() > 0) {
                    for (int i = own.nextInt(4); i > 0; i--) {
                        putHealthy(producer, own);
                    }
                    fault.inject(this, own);
                }
            }));
        }
        while (!producers.stream().allMatch(Fork::isDone)) {
            try {
                results.addAll(queue.join(Duration.ofMillis(2)));
            } catch (TimeoutException ex) {
                assertThat(queue.snapshot().depth()).isNotNegative();
            }
        }
        for (Fork<?> producer : producers) {
            producer.get();
        }
        results.addAll(queue.join(Duration.ofSeconds(Fixture.DEADLINE_SECONDS)));
    }

    private void putHealthy(int producer, Random random) throws InterruptedException {
        Result result = new Result(producer, numbers.getAndIncrement());
        Callable<Result> body = () -> checkThread(result);
        switch (random.nextInt(8)) {
            case 0 -> queue.put(body);
            case 1 -> queue.putAll(List.of(result), this::checkThread);
            case 2 -> queue.putAsync(() -> CompletableFuture.completedFuture(checkThread(result)));
            case 3 -> queue.putAsync(() -> CompletableFuture.supplyAsync(() -> checkThread(result), Runnable::run));
            case 4 -> {
                healthy.add(queue.submit(body));
                return;
            }
            case 5 -> {
                if (!queue.offer(body, Duration.ofNanos(random.nextInt(100_000)))) {
                    return;
                }
            }
            case 6 -> {
                queue.execute(() -> queue.put(() -> new Result(-1, result.number)));
                expected.add(new Result(-1, result.number));
                return;
            }
            default -> queue.put(body, TaskOptions.named("healthy"));
        }
        expected.add(result);
    }

    /** Records the result if its thread has a changed priority, class loader or interrupt flag. */
    @SuppressWarnings("ThreadPriorityCheck")
    private Result checkThread(Result result) {
        Thread thread = Thread.currentThread();
        if (thread.isInterrupted()
                || thread.getPriority() != Thread.NORM_PRIORITY
                || thread.getContextClassLoader() != loader) {
            wrong.add("found its thread changed: " + result);
        }
        return result;
    }

    /** Puts a task that runs the body, and expects its result. */
    void putReturning(Random random, TaskAction body) throws InterruptedException {
        Result result = new Result(-1, numbers.getAndIncrement());
        expect(result);
        Callable<Result> task = () -> {
            body.run();
            return result;
        };
        switch (random.nextInt(3)) {
            case 0 -> queue.put(task);
            case 1 -> queue.putAsync(() -> CompletableFuture.completedFuture(task.call()));
            default -> queue.execute(() -> queue.put(task));
        }
    }

    void expect(Object result) {
        expected.add(result);
    }

    /** Puts a failing task with a random put method. */
    void putFailing(Random random, TaskAction body) throws InterruptedException {
        String name = "fault " + numbers.getAndIncrement();
        putFailing(random, () -> name, name, body);
    }

    void putFailing(Random random, Supplier<@Nullable String> name, @Nullable String reported, TaskAction body)
            throws InterruptedException {
        Faulty task = new Faulty(name, body);
        Sneaky sneaky = new Sneaky(task);
        int way = random.nextInt(6);
        switch (way) {
            case 0 -> queue.put(task);
            case 1 -> queue.execute(task);
            case 2 -> queue.putAll(List.of(task), Faulty::call);
            case 3 -> {
                failing.add(queue.submit(task));
                return;
            }
            case 4 -> queue.execute(() -> queue.put(task));
            default -> queue.asExecutorService().execute(sneaky);
        }
        failures.add(reported == null ? fallbackName(way < 5 ? task : sneaky) : reported);
    }

    private static String fallbackName(Object task) {
        return task.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(task));
    }

    /** Puts a failing asynchronous task. */
    void putFailing(Callable<? extends @Nullable CompletionStage<?>> body) throws InterruptedException {
        String name = "stage " + numbers.getAndIncrement();
        queue.putAsync(new FaultyStage(name, body));
        failures.add(name);
    }

    private void check() {
        assertThat(wrong).isEmpty();
        QueueSnapshot figures = queue.snapshot();
        assertThat(figures.depth() + figures.active() + figures.overflow() + figures.blockedProducers())
                .as("%s", figures)
                .isZero();
        assertThat(figures.completed() + figures.failed() + figures.cancelled())
                .as("%s", figures)
                .isEqualTo(figures.put());
        assertThat(figures.cancelled()).isZero();
        assertThat(figures.failed()).isEqualTo(failures.size() + failing.size());
        assertThat(failing).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(healthy).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(handled.stream().sorted())
                .isEqualTo(failures.stream().sorted().toList());
        assertThat(results).hasSameSizeAs(expected);
        assertThat(Set.copyOf(results)).isEqualTo(Set.copyOf(expected));
        Map<Integer, Integer> last = new HashMap<>();
        for (Object each : results) {
            if (each instanceof Result result && result.producer >= 0) {
                Integer before = last.put(result.producer, result.number);
                assertThat(before == null || before < result.number)
                        .as("%s after %s", result, before)
                        .isTrue();
            }
        }
    }

    /** Asserts that all workers can run concurrently, and that exactly {@code maxsize} tasks can wait. */
    static void assertFullCapacity(Fixture fixture, WorkerQueue<?> queue) throws InterruptedException {
        QueueSnapshot before = queue.snapshot();
        Blocker blocker = fixture.blockAndFill(queue);
        assertThat(queue.active()).isEqualTo(queue.workers());
        assertThat(queue.depth()).isEqualTo(queue.maxsize());
        assertThat(queue.offer(() -> null)).isFalse();
        blocker.release();
        queue.join();
        QueueSnapshot after = queue.snapshot();
        assertThat(after.completed() - before.completed()).isEqualTo((long) queue.workers() + queue.maxsize());
        assertThat(after.put() - before.put()).isEqualTo((long) queue.workers() + queue.maxsize());
    }

    /** Runs an action without log output of the queues, and returns the number of log events. */
    static int quietly(TaskAction action) throws Exception {
        AtomicInteger logged = new AtomicInteger();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                logged.incrementAndGet();
            }
        };
        appender.start();
        Logger logger = (Logger) LoggerFactory.getLogger(WorkerQueue.class);
        logger.addAppender(appender);
        logger.setAdditive(false);
        try {
            action.run();
        } finally {
            logger.setAdditive(true);
            logger.detachAppender(appender);
        }
        return logged.get();
    }

    /** Returns as many new items, to be used as results. */
    List<Result> items(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Result(-1, numbers.getAndIncrement()))
                .toList();
    }

    @SuppressWarnings("unchecked")
    static <X extends Throwable> RuntimeException sneakyThrow(Throwable thrown) throws X {
        throw (X) thrown;
    }

    private record Faulty(Supplier<@Nullable String> name, TaskAction body) implements Callable<Object>, TaskAction {

        @Override
        public Object call() throws Exception {
            body.run();
            throw new AssertionError("the fault did not happen");
        }

        @Override
        public void run() throws Exception {
            body.run();
        }

        @Override
        @SuppressWarnings("NullAway") // null is the fault
        public String toString() {
            return name.get();
        }
    }

    private record Sneaky(Faulty task) implements Runnable {

        @Override
        public void run() {
            try {
                task.run();
            } catch (Throwable ex) {
                throw sneakyThrow(ex);
            }
        }

        @Override
        public String toString() {
            return task.toString();
        }
    }

    private record FaultyStage(String name, Callable<? extends @Nullable CompletionStage<?>> body)
            implements Callable<@Nullable CompletionStage<?>> {

        @Override
        public @Nullable CompletionStage<?> call() throws Exception {
            return body.call();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
