package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tests for faults in application code, at random points of a mix of healthy tasks. No result may be lost, repeated or
 * out of order. Each failure must reach its handler once, and the queue must keep its full capacity.
 *
 * <p>A failed test prints its seed. {@code -Dworkerqueue.faults.seed} repeats the run with this seed, and
 * {@code -Dworkerqueue.faults} sets the number of times that each fault is injected.
 *
 * <p>NOTE: The tests do not exhaust memory or stack inside the code of the queue, between two steps that belong
 * together. There, a result that cannot be stored is a failure. Any other effect is undefined, as in the collections
 * and locks of the JDK.
 */
class FaultTests {

    private static final ThreadLocal<byte @Nullable []> LEFT_BEHIND = new ThreadLocal<>();

    private static final List<Supplier<Throwable>> THROWN = List.of(
            () -> new IOException("checked"),
            () -> new IllegalStateException("unchecked"),
            () -> new AssertionError("an error"),
            () -> new OutOfMemoryError("a test"),
            () -> new Death(),
            () -> new InterruptedException("without an interrupt"),
            () -> new Throwable("bare"),
            () -> new FailureTests.UnprintableException());

    /** Error like {@code ThreadDeath}, which a stopped thread throws. */
    private static final class Death extends Error {

        private static final long serialVersionUID = 1;
    }

    @QueueTest
    void queueLosesNoTaskWhenTasksThrow(Fixture fixture) throws Exception {
        FaultMix mix = new FaultMix("queueLosesNoTaskWhenTasksThrow", fixture);

        mix.run((injected, random) -> {
            int chosen = random.nextInt(THROWN.size() + 3);
            injected.putFailing(random, () -> fail(chosen));
        });
    }

    private static void fail(int chosen) {
        if (chosen < THROWN.size()) {
            throw FaultMix.sneakyThrow(THROWN.get(chosen).get());
        }
        if (chosen == THROWN.size()) {
            assertThat(new long[Integer.MAX_VALUE])
                    .as("more than any JVM allows")
                    .isEmpty();
        }
        if (chosen == THROWN.size() + 1) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted itself");
        }
        overflow(1);
    }

    /** Overflows the stack with unlimited recursion. */
    private static long overflow(long depth) {
        return depth <= 0 ? 0 : depth + overflow(depth + 1);
    }

    @QueueTest
    void queueLosesNoTaskWhenTasksInterruptTheirOwnThread(Fixture fixture) throws Exception {
        FaultMix mix = new FaultMix("queueLosesNoTaskWhenTasksInterruptTheirOwnThread", fixture);

        mix.run((injected, random) -> {
            boolean puts = random.nextBoolean();
            injected.putReturning(random, () -> {
                Thread.currentThread().interrupt();
                if (puts) {
                    try {
                        injected.queue.put(() -> "never put");
                    } catch (InterruptedException ex) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
        });
    }

    @QueueTest
    @SuppressWarnings("ThreadPriorityCheck")
    void queueLosesNoTaskWhenTasksChangeTheirThread(Fixture fixture) throws Exception {
        FaultMix mix = new FaultMix("queueLosesNoTaskWhenTasksChangeTheirThread", fixture);
        try (URLClassLoader other = new URLClassLoader(new URL[0], null)) {
            mix.run((injected, random) -> {
                int chosen = random.nextInt(4);
                injected.putReturning(random, () -> {
                    switch (chosen) {
                        case 0 -> new ReentrantLock().lock();
                        case 1 -> LEFT_BEHIND.set(new byte[10]);
                        case 2 -> Thread.currentThread().setContextClassLoader(other);
                        default -> Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
                    }
                });
            });
        }
    }

    @QueueTest
    void queueLosesNoTaskWhenExceptionHandlersThrowPutOrBlock(Fixture fixture) throws Exception {
        List<FaultMix> self = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        FaultMix mix = new FaultMix(
                "queueLosesNoTaskWhenExceptionHandlersThrowPutOrBlock", fixture, fixture.factory(), failure -> {
                    int chosen = calls.incrementAndGet() % (THROWN.size() + 5);
                    switch (chosen - THROWN.size()) {
                        case 3 -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                        case 4 -> self.forEach(FaultTests::putFromHandler);
                        default -> fail(chosen);
                    }
                });
        self.add(mix);

        mix.run((injected, random) -> injected.putFailing(random, () -> fail(random.nextInt(2))));
    }

    private static void putFromHandler(FaultMix mix) {
        for (FaultMix.Result item : mix.items(3)) {
            try {
                mix.queue.put(() -> item);
                mix.expect(item);
            } catch (InterruptedException ex) {
                throw new IllegalStateException("nobody interrupts a handler", ex);
            }
        }
    }

    @QueueTest
    void queueLosesNoTaskWhenEveryListenerMethodThrows(Fixture fixture) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        QueueListener throwing = new QueueListener() {
            @Override
            public void opened(String queue, long id, Supplier<QueueSnapshot> figures) {
                fail(calls.incrementAndGet() % THROWN.size());
            }

            @Override
            public void started(String queue, long index, long waited) {
                opened(queue, index, () -> null);
            }

            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                opened(queue, index, () -> null);
            }

            @Override
            public void blocked(String queue, long blocked) {
                opened(queue, blocked, () -> null);
            }

            @Override
            public void rejected(String queue) {
                opened(queue, 0, () -> null);
            }

            @Override
            public void closed(String queue, long id) {
                opened(queue, id, () -> null);
            }

            @Override
            public String toString() {
                throw new IllegalStateException("no name");
            }
        };
        AtomicInteger heard = new AtomicInteger();
        QueueFactory factory =
                fixture.factory(builder -> builder.listener(throwing).listener(new QueueListener() {
                    @Override
                    public void finished(
                            String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                        heard.incrementAndGet();
                    }
                }));
        FaultMix.quietly(() -> {
            FaultMix mix =
                    new FaultMix("queueLosesNoTaskWhenEveryListenerMethodThrows", fixture, factory, failure -> {});

            mix.run((injected, random) -> injected.putFailing(random, () -> fail(random.nextInt(2))));

            assertThat(heard).hasValue((int) mix.queue.snapshot().put());
            mix.queue.close();
        });
    }

    @QueueTest
    void queueLosesNoTaskWhenNamesThrowOrAreNullOrHuge(Fixture fixture) throws Exception {
        FaultMix mix = new FaultMix("queueLosesNoTaskWhenNamesThrowOrAreNullOrHuge", fixture);
        String megabyte = "m".repeat(1 << 20);

        mix.run((injected, random) -> {
            TaskAction body = () -> fail(0);
            switch (random.nextInt(4)) {
                case 0 -> injected.putFailing(random, () -> null, "null", body);
                case 1 -> injected.putFailing(random, () -> megabyte, megabyte.substring(0, 200), body);
                case 2 -> injected.putFailing(random, () -> String.valueOf(overflow(1)), null, body);
                default -> {
                    int chosen = random.nextInt(THROWN.size());
                    injected.putFailing(random, () -> throwing(chosen), null, body);
                }
            }
        });
    }

    private static String throwing(int chosen) {
        fail(chosen);
        return "";
    }

    @QueueTest
    void queueLosesNoTaskWhenStagesFail(Fixture fixture) throws Exception {
        FaultMix mix = new FaultMix("queueLosesNoTaskWhenStagesFail", fixture);

        mix.run((injected, random) -> {
            Throwable thrown = THROWN.get(random.nextInt(THROWN.size())).get();
            switch (random.nextInt(7)) {
                case 0 -> injected.putFailing(() -> CompletableFuture.failedFuture(thrown));
                case 1 -> injected.putFailing(() -> CompletableFuture.failedFuture(chain(thrown, random.nextInt(5))));
                case 2 -> injected.putFailing(() -> null);
                case 3 -> injected.putFailing(() -> unobservable(thrown));
                case 4 ->
                    injected.putFailing(() -> {
                        CompletableFuture<Object> stage = new CompletableFuture<>();
                        fixture.forkAction(() -> stage.completeExceptionally(thrown));
                        return stage;
                    });
                case 5 -> injected.putFailing(() -> new Repeating(fixture, null, thrown));
                default -> {
                    FaultMix.Result result = injected.items(1).get(0);
                    injected.expect(result);
                    injected.queue.putAsync(() -> new Repeating(fixture, result, null));
                }
            }
        });
    }

    private static Throwable chain(Throwable thrown, int length) {
        Throwable chain = thrown;
        for (int i = 0; i < length; i++) {
            chain = new CompletionException("link " + i, chain);
        }
        return chain;
    }

    private static CompletionStage<Object> unobservable(Throwable thrown) {
        return new CompletableFuture<>() {
            @Override
            public CompletableFuture<Object> whenComplete(
                    BiConsumer<? super Object, ? super @Nullable Throwable> action) {
                throw FaultMix.sneakyThrow(thrown);
            }
        };
    }

    /** Stage that reports its outcome three times: on the registering thread and on two other threads. */
    private static final class Repeating extends CompletableFuture<Object> {

        private final Fixture fixture;

        private final @Nullable Object value;

        private final @Nullable Throwable failure;

        Repeating(Fixture fixture, @Nullable Object value, @Nullable Throwable failure) {
            this.fixture = fixture;
            this.value = value;
            this.failure = failure;
        }

        @Override
        @SuppressWarnings("NullAway") // null as in a real stage
        public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super Throwable> action) {
            Fork<?> early = fixture.forkAction(() -> action.accept(value, failure));
            if (System.nanoTime() % 2 == 0) {
                Fixture.until("told once", early::isDone);
            }
            action.accept(value, failure);
            fixture.forkAction(() -> action.accept(value, failure));
            return this;
        }
    }

    @QueueTest
    void queueLosesNoTaskWhenIterablesThrow(Fixture fixture) throws Exception {
        FaultMix mix = new FaultMix("queueLosesNoTaskWhenIterablesThrow", fixture);

        mix.run((injected, random) -> {
            Throwable thrown = THROWN.get(random.nextInt(THROWN.size())).get();
            List<FaultMix.Result> items = injected.items(random.nextInt(4));
            items.forEach(injected::expect);
            try {
                injected.queue.putAll(breaking(items, thrown), item -> item);
            } catch (Throwable ex) {
                assertThat(ex == thrown).isTrue();
                return;
            }
            throw new AssertionError("the iterator's exception got lost");
        });
    }

    private static <T> Iterable<T> breaking(List<T> items, Throwable thrown) {
        Iterator<T> iterator = items.iterator();
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public T next() {
                if (!iterator.hasNext()) {
                    throw FaultMix.sneakyThrow(thrown);
                }
                return iterator.next();
            }
        };
    }

    @QueueTest
    void queueLosesNoTaskWhenResultsCannotBeComparedOrPrinted(Fixture fixture) throws Exception {
        FaultMix mix = new FaultMix("queueLosesNoTaskWhenResultsCannotBeComparedOrPrinted", fixture);
        AtomicInteger found = new AtomicInteger();
        mix.run((injected, random) -> injected.putReturning(random, () -> {
            try (WorkerQueue<Incomparable> inner = fixture.factory().open(settings -> settings.withWorkers(2))) {
                inner.putAll(List.of(1, 2), item -> new Incomparable());
                found.addAndGet(inner.join(Incomparable.class).size());
            }
        }));

        assertThat(found).hasValue(2 * FaultMix.FAULTS);
    }

    private static final class Incomparable {

        @Override
        public boolean equals(@Nullable Object other) {
            throw new IllegalStateException("no equals");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("no hash code");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no name");
        }
    }

    @QueueTest
    void queueLosesNoTaskWhenThreadFactoriesFailAtRandom(Fixture fixture) throws Exception {
        if (fixture.isVirtual()) {
            return;
        }
        long seed = Long.getLong("workerqueue.faults.seed", System.nanoTime());
        System.out.println("queueLosesNoTaskWhenThreadFactoriesFailAtRandom: seed " + seed);
        AtomicInteger faults = new AtomicInteger();
        FaultMix.quietly(() -> {
            List<Fork<?>> forks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(seed + i);
                forks.add(fixture.forkAction(() -> {
                    while (faults.get() < FaultMix.FAULTS) {
                        runOnFailingThreads(fixture, random, faults);
                    }
                }));
            }
            for (Fork<?> fork : forks) {
                fork.get();
            }
        });
    }

    private static void runOnFailingThreads(Fixture fixture, Random random, AtomicInteger faults) throws Exception {
        int most = random.nextInt(30);
        AtomicInteger left = new AtomicInteger(most);
        Random chooser = new Random(random.nextLong());
        ThreadFactory threads = body -> {
            boolean fails = left.get() > 0 && chooser.nextInt(4) > 0 && left.getAndDecrement() > 0;
            if (fails) {
                faults.incrementAndGet();
            }
            return fails ? failing(chooser.nextInt(5), body) : daemon(body);
        };
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(threads));
        WorkerQueue<Integer> queue = fixture.open(factory, 1 + random.nextInt(4), 1 + random.nextInt(30));
        List<Integer> items = IntStream.range(0, 40).boxed().toList();
        queue.putAll(items, item -> item);
        assertThat(queue.join(Duration.ofSeconds(Fixture.DEADLINE_SECONDS))).isEqualTo(items);
        left.set(0);
        FaultMix.assertFullCapacity(fixture, queue);
        queue.close();
        factory.close();
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    }

    @SuppressWarnings("NullAway")
    private static Thread failing(int chosen, Runnable body) {
        return switch (chosen) {
            case 0 -> null;
            case 1 -> throw FaultMix.sneakyThrow(new IOException("no thread"));
            case 2 -> throw new FailureTests.UnprintableException();
            case 3 -> throw new OutOfMemoryError("no thread: a test");
            default ->
                new Thread(body) {
                    @Override
                    public synchronized void start() {
                        throw new OutOfMemoryError("not started: a test");
                    }
                };
        };
    }
}
