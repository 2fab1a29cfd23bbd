package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Tests for bugs of the queues, pools and limiters of other projects. {@code -Dworkerqueue.field.scale} multiplies the
 * number of repetitions. A randomized test prints its seed, and {@code -Dworkerqueue.field.seed} sets it.
 *
 * <p>NOTE: Netflix/concurrency-limits#137 (constant timeouts that look like low load) does not apply. It requires an
 * adaptive limit, which the queue does not have.
 */
class FieldBugsTests {

    private static final int SCALE = Integer.getInteger("workerqueue.field.scale", 1);

    private static final Duration LONG = Duration.ofSeconds(Fixture.DEADLINE_SECONDS);

    private static Random random(Fixture fixture, String test) {
        long seed = Long.getLong("workerqueue.field.seed", System.nanoTime());
        System.out.println(test + " on " + fixture + " threads: seed " + seed);
        return new Random(seed);
    }

    private static <T> List<T> getAll(List<Fork<T>> forks) throws Exception {
        List<T> results = new ArrayList<>();
        for (Fork<T> fork : forks) {
            results.add(fork.get());
        }
        return results;
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    @DisplayName("sindresorhus/p-queue#251: rate window wrong after idle")
    void rateLimitHoldsWhenLimiterWasIdle() {
        long seed = Long.getLong("workerqueue.field.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 1_000 * SCALE; round++) {
            AtomicLong now = new AtomicLong(random.nextLong());
            int permits = 1 + random.nextInt(5);
            long period = random.nextLong(1, 1_000);
            StartRateLimiter rates = new StartRateLimiter(
                    List.of(new RateLimit(permits, Duration.ofNanos(period))), now::get, wait -> {});
            List<Long> starts = new ArrayList<>();
            while (starts.size() < 50) {
                if (rates.tryStart() == 0) {
                    starts.add(now.get());
                } else if (random.nextInt(10) == 0) {
                    now.addAndGet(random.nextLong(10 * period)); // idle
                } else {
                    now.addAndGet(random.nextLong(period));
                }
            }
            for (int i = permits; i < starts.size(); i++) {
                assertThat(starts.get(i) - starts.get(i - permits))
                        .as("seed %s", seed)
                        .isGreaterThanOrEqualTo(period);
            }
        }
    }

    @QueueTest
    @DisplayName("failsafe-lib/failsafe#393: timed-out waiters still receive permits")
    void queueKeepsFullCapacityWhenOffersTimeOut(Fixture fixture) throws Exception {
        Random random = random(fixture, "failsafe#393");
        WorkerQueue<Integer> queue = fixture.open(2, 3);
        for (int round = 0; round < 30 * SCALE; round++) {
            Blocker blocker = fixture.blockAndFill(queue);
            AtomicInteger ran = new AtomicInteger();
            List<Fork<Integer>> waiters = new ArrayList<>();
            for (int w = 0; w < 6; w++) {
                Random own = new Random(random.nextLong());
                waiters.add(fixture.fork(() -> {
                    int accepted = 0;
                    for (int i = 0; i < 20; i++) {
                        Duration timeout = Duration.ofNanos(own.nextInt(300_000));
                        accepted += queue.offer(ran::incrementAndGet, timeout) ? 1 : 0;
                    }
                    return accepted;
                }));
            }
            LockSupport.parkNanos(random.nextInt(2_000_000));
            blocker.release();
            int accepted = getAll(waiters).stream().mapToInt(Integer::intValue).sum();

            queue.join(LONG);
            assertThat(ran).hasValue(accepted);
            assertThat(queue.snapshot().blockedProducers()).isZero();
            FaultMix.assertFullCapacity(fixture, queue);
        }
    }

    @QueueTest
    @DisplayName("spring-projects/spring-framework#35708: Thread.start() fails after acquire, and the permit is lost")
    void queueKeepsAllWorkersWhenThreadCannotBeStarted(Fixture fixture) throws Exception {
        for (int n = 1; n <= 5; n++) {
            for (boolean made : List.of(false, true)) {
                int failing = n;
                AtomicInteger calls = new AtomicInteger();
                ThreadFactory threads = body -> {
                    boolean fails = calls.incrementAndGet() == failing;
                    if (fails && !made) {
                        throw new OutOfMemoryError("no thread: a test");
                    }
                    return new Unstartable(body, fails);
                };
                QueueFactory factory = fixture.factory(builder -> builder.threadFactory(threads));
                WorkerQueue<Integer> queue = fixture.open(factory, 4, 4);

                FaultMix.quietly(() -> {
                    FaultMix.assertFullCapacity(fixture, queue);
                    queue.putAll(numbers(20), item -> item);
                    assertThat(queue.join(LONG)).isEqualTo(numbers(20));
                    FaultMix.assertFullCapacity(fixture, queue);
                });
                assertThat(calls.get()).isGreaterThanOrEqualTo(fixture.isVirtual() ? 0 : 4);
            }
        }
    }

    private static final class Unstartable extends Thread {

        private final boolean fails;

        Unstartable(Runnable body, boolean fails) {
            super(body);
            setDaemon(true);
            this.fails = fails;
        }

        @Override
        public synchronized void start() {
            if (fails) {
                throw new OutOfMemoryError("not started: a test");
            }
            super.start();
        }
    }

    @QueueTest
    @DisplayName("spring-projects/spring-framework#36916: a task cancelled before it runs never releases")
    void queueKeepsFullCapacityWhenTasksAreCancelledBeforeTheyRun(Fixture fixture) throws Exception {
        Random random = random(fixture, "spring-framework#36916");
        WorkerQueue<Integer> queue = fixture.open(3, 7);
        AtomicInteger ran = new AtomicInteger();
        for (int round = 0; round < 200 * SCALE; round++) {
            Blocker blocker = fixture.block(queue);
            List<CompletableFuture<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                waiting.add(queue.submit(ran::incrementAndGet));
            }
            boolean all = random.nextBoolean();
            if (all) {
                queue.cancel();
            } else {
                waiting.forEach(future -> future.cancel(random.nextBoolean()));
                blocker.release();
            }
            queue.join(LONG);
            assertThat(waiting).allMatch(CompletableFuture::isCancelled);
            FaultMix.assertFullCapacity(fixture, queue);
        }
        assertThat(ran).hasValue(0);
    }

    @QueueTest
    @DisplayName("spring-projects/spring-framework#36362: a task still runs after close returned")
    void noTaskRunsAfterCloseReturned(Fixture fixture) throws Exception {
        Random random = random(fixture, "spring-framework#36362");
        for (int round = 0; round < 300 * SCALE; round++) {
            QueueFactory factory = fixture.factory(builder -> builder);
            WorkerQueue<Integer> queue = fixture.open(factory, 2, 2);
            AtomicBoolean closed = new AtomicBoolean();
            AtomicInteger late = new AtomicInteger();
            AtomicInteger ran = new AtomicInteger();
            List<Fork<Integer>> producers = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                producers.add(fixture.fork(() -> putUntilClosed(queue, () -> {
                    late.addAndGet(closed.get() ? 1 : 0);
                    ran.incrementAndGet();
                    late.addAndGet(closed.get() ? 1 : 0);
                })));
            }
            LockSupport.parkNanos(random.nextInt(300_000));
            switch (random.nextInt(3)) {
                case 0 -> queue.close();
                case 1 -> factory.close();
                default -> {
                    ExecutorService view = queue.asExecutorService();
                    view.shutdown();
                    assertThat(view.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
                }
            }
            closed.set(true);
            int ranBefore = ran.get();

            int accepted =
                    getAll(producers).stream().mapToInt(Integer::intValue).sum();

            assertThat(late).hasValue(0);
            assertThat(ran).hasValue(ranBefore).hasValue(accepted);
        }
    }

    private static int putUntilClosed(WorkerQueue<Integer> queue, TaskAction task) throws InterruptedException {
        for (int accepted = 0; ; accepted++) {
            try {
                queue.execute(task);
            } catch (QueueClosedException ex) {
                return accepted;
            }
        }
    }

    @QueueTest
    @DisplayName("spring-projects/spring-framework#35254: close interrupts immediately, then waits the grace period")
    void timedCloseInterruptsNoTaskBeforeTimeoutExpires(Fixture fixture) throws Exception {
        Duration grace = Duration.ofMillis(300);
        AtomicLong interrupted = new AtomicLong();
        WorkerQueue<String> queue = fixture.open(1, 3);
        Blocker blocker = new Blocker();
        queue.execute(() -> {
            try {
                blocker.run();
            } catch (InterruptedException ex) {
                interrupted.set(System.nanoTime());
            }
        });
        queue.execute(() -> {});
        blocker.awaitStarted();
        long start = System.nanoTime();

        assertThat(queue.close(grace)).isFalse();

        Fixture.until("it is interrupted", () -> interrupted.get() != 0);
        assertThat(interrupted.get() - start).isGreaterThanOrEqualTo(grace.toNanos());

        WorkerQueue<Boolean> second = fixture.open(2, 3);
        Blocker stubborn = new Blocker();
        second.putAll(numbers(4), item -> stubborn.runStubbornly());
        Fork<Boolean> closer = fixture.fork(() -> second.close(LONG));
        stubborn.awaitStarted(2);
        closer.awaitBlocked();
        stubborn.release();
        assertThat(closer.get()).isTrue();
        assertThat(second.join()).containsExactly(false, false, false, false);
    }

    @QueueTest
    @DisplayName("alitto/pond#56: groups nested on one pool hang")
    void nestedQueuesOfOneFactoryDoNotHang(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();

        assertThat(nest(factory, 5)).isEqualTo(2 * (2 * (2 * (2 * (2 * 2)))));
    }

    private static int nest(QueueFactory factory, int depth) throws InterruptedException {
        try (WorkerQueue<Integer> queue =
                factory.open("same", settings -> settings.withWorkers(1).withMaxsize(1))) {
            queue.putAll(List.of(1, 2), item -> depth == 0 ? 1 : nest(factory, depth - 1));
            return queue.join().stream().mapToInt(Integer::intValue).sum();
        }
    }

    @QueueTest
    @DisplayName("alitto/pond#138 and #61: cancel before queued tasks ran, and Wait() deadlocks")
    void joinReturnsWhenTasksWereCancelledBeforeTheyRan(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 5);
        for (int round = 0; round < 200 * SCALE; round++) {
            boolean started = round % 2 == 0;
            if (started) {
                fixture.block(queue);
            }
            Fork<?> bulk = fixture.forkAction(() -> queue.putAll(numbers(started ? 100 : 5), item -> item));
            if (started) {
                Fixture.awaitBlockedProducers(queue, 1);
            } else {
                bulk.get();
            }

            queue.cancel();

            if (started) {
                assertThatThrownBy(bulk::get).isInstanceOf(CancellationException.class);
            }
            queue.join(LONG);
            assertThat(queue.active() + queue.depth()).isZero();
        }
        assertThat(queue.close(LONG)).isTrue();
    }

    @QueueTest
    @DisplayName("alitto/pond#138 and #61, while a join waits: the last task ends while the cancel is in progress")
    void waitingJoinReturnsWhenQueueIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 1);
        for (int round = 0; round < 20 * SCALE; round++) {
            Blocker blocker = fixture.block(queue);
            queue.asExecutorService().execute(new FutureTask<>(() -> 1) {
                @Override
                protected void done() {
                    blocker.release();
                    Fixture.until("the other has ended", () -> queue.active() == 0);
                    LockSupport.parkNanos(1_000_000);
                }
            });
            Fork<List<Integer>> joiner = fixture.fork(queue::join);
            joiner.awaitBlocked();

            queue.cancel();

            assertThat(joiner.get()).isEmpty();
        }
    }

    @QueueTest
    @DisplayName("alitto/pond#108: lost wake-up of blocked submitters, and the pool goes silent")
    void blockedProducersMissNoWakeUp(Fixture fixture) throws Exception {
        int each = 300 * SCALE;
        for (int workers = 1; workers <= 2; workers++) {
            WorkerQueue<Integer> queue = fixture.open(workers, 1);
            AtomicInteger ran = new AtomicInteger();
            List<Fork<Integer>> producers = new ArrayList<>();
            for (int p = 0; p < 16; p++) {
                producers.add(fixture.fork(() -> {
                    for (int i = 0; i < each; i++) {
                        queue.put(ran::incrementAndGet);
                    }
                    return each;
                }));
            }

            getAll(producers);

            assertThat(queue.join(LONG)).hasSize(16 * each);
            assertThat(ran).hasValue(16 * each);
        }
    }

    @QueueTest
    @DisplayName("alitto/pond#108, when the first blocked submitter is interrupted on its turn")
    void nextBlockedProducerIsWokenWhenFirstIsInterruptedOnItsTurn(Fixture fixture) throws Exception {
        Random random = random(fixture, "pond#108");
        WorkerQueue<Integer> queue = fixture.open(1, 1);
        for (int round = 0; round < 500 * SCALE; round++) {
            Blocker blocker = fixture.blockAndFill(queue);
            Fork<?> first = fixture.forkAction(() -> queue.put(() -> null));
            Fixture.awaitBlockedProducers(queue, 1);
            Fork<?> second = fixture.forkAction(() -> queue.put(() -> null));
            Fixture.awaitBlockedProducers(queue, 2);
            long delay = random.nextInt(60_000);

            blocker.release();
            for (long start = System.nanoTime(); System.nanoTime() - start < delay; ) {
                Thread.onSpinWait();
            }
            first.interrupt();

            second.get();
            queue.join(LONG);
        }
    }

    @QueueTest
    @DisplayName("alitto/pond#135: a task that kills its worker makes StopAndWait hang")
    void closeReturnsWhenTasksKillTheirThreads(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 4);
        for (int i = 0; i < 50; i++) {
            queue.put(FieldBugsTests::stopThread);
        }
        FaultMix.assertFullCapacity(fixture, queue);

        assertThat(queue.close(LONG)).isTrue();

        assertThat(queue.snapshot().failed()).isEqualTo(50);
        assertThat(fixture.failures).hasSize(50).allMatch(failure -> failure.exception() instanceof ThreadDeath);
    }

    /** Stops the current thread if the JDK still supports it, and throws a {@code ThreadDeath} otherwise. */
    private static Integer stopThread() {
        Throwable thrown = new ThreadDeath();
        try {
            Thread.class.getMethod("stop").invoke(Thread.currentThread());
        } catch (InvocationTargetException ex) {
            thrown = ex.getCause() instanceof ThreadDeath death ? death : thrown;
        } catch (ReflectiveOperationException ex) {
            thrown.addSuppressed(ex);
        }
        throw FaultMix.sneakyThrow(thrown);
    }

    @QueueTest
    @DisplayName("sourcegraph/conc#88: all workers wait for a cancel that only a task not yet accepted can cause")
    void queueRecoversWhenAllWorkersWaitForOtherTasks(Fixture fixture) throws Exception {
        int workers = 4;
        WorkerQueue<Integer> queue = fixture.open(workers, 2);
        CyclicBarrier allHavePut = new CyclicBarrier(workers);
        queue.executeAll(numbers(workers), parent -> {
            queue.putAll(numbers(10), child -> child);
            allHavePut.await(10, TimeUnit.SECONDS);
        });
        assertThat(queue.join(LONG)).hasSize(10 * workers);
        assertThat(fixture.failures).isEmpty();

        CompletableFuture<String> signal = new CompletableFuture<>();
        Fork<?> producer = fixture.forkAction(() -> {
            queue.executeAll(numbers(20), item -> signal.get());
            queue.execute(() -> signal.complete("never admitted"));
        });
        Fixture.awaitBlockedProducers(queue, 1);
        queue.cancel();
        assertThatThrownBy(producer::get).isInstanceOf(CancellationException.class);
        assertThat(queue.join(LONG)).isEmpty();
        FaultMix.assertFullCapacity(fixture, queue);
    }

    @QueueTest
    @DisplayName("sindresorhus/p-queue#168: aborting a running and a waiting task leaves the worker count stuck")
    void workerBecomesAvailableWhenRunningAndWaitingTasksAreCancelledTogether(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 1);
        for (int round = 0; round < 500 * SCALE; round++) {
            Blocker blocker = new Blocker();
            CompletableFuture<Object> running = queue.submit(() -> {
                blocker.run();
                return "";
            });
            blocker.awaitStarted();
            CompletableFuture<Object> waiting = queue.submit(() -> "");
            Fork<Boolean> first = fixture.fork(() -> running.cancel(true));
            boolean cancelled = waiting.cancel(true);
            assertThat(first.get()).isTrue();

            queue.join(LONG);

            assertThat(running).isCancelled();
            assertThat(waiting.isCancelled()).isEqualTo(cancelled);
            assertThat(waiting).isDone();
            assertThat(queue.active() + queue.depth()).isZero();
            assertThat(queue.offer(() -> 1)).isTrue();
            assertThat(queue.join(LONG)).containsExactly(1);
        }
    }

    @QueueTest
    @DisplayName("sindresorhus/p-queue#241: aborted while queued, and the promise never settles")
    void futureOfWaitingTaskIsCancelledWhenQueueIsCancelledOrClosed(Fixture fixture) throws Exception {
        List<TaskConsumer<WorkerQueue<Integer>>> ways =
                List.of(WorkerQueue::cancel, queue -> queue.close(Duration.ZERO), queue -> {
                    Thread.currentThread().interrupt();
                    queue.close();
                    assertThat(Thread.interrupted()).isTrue();
                });
        for (TaskConsumer<WorkerQueue<Integer>> way : ways) {
            WorkerQueue<Integer> queue = fixture.open(1, 3);
            fixture.block(queue);
            CompletableFuture<Integer> waiting = queue.submit(() -> 1);
            CompletableFuture<Integer> dependent = waiting.thenApply(value -> value);
            Fork<Integer> waiter = fixture.fork(waiting::get);
            waiter.awaitBlocked();

            way.accept(queue);

            assertThatThrownBy(waiter::get).isInstanceOf(CancellationException.class);
            assertThat(waiting).isCancelled();
            assertThat(dependent).isCompletedExceptionally();
        }
    }

    @QueueTest
    @DisplayName("sindresorhus/p-queue#27: each repeated onIdle nests one more resolver, until the stack overflows")
    void repeatedJoinsGrowNeitherStackNorMemory(Fixture fixture) throws Exception {
        WorkerQueue<Long> queue = fixture.open(1, 1);
        long before = 0;
        long depth = 0;
        for (int i = 0; i <= 100_000 * SCALE; i++) {
            queue.put(i % 50_000 == 10_000 ? FieldBugsTests::stackDepth : () -> null);
            List<Long> depths = queue.join();
            if (i == 10_000) {
                before = usedMemory();
                depth = depths.get(0);
            } else if (!depths.isEmpty()) {
                assertThat(depths).containsExactly(depth);
            }
        }

        assertThat(usedMemory() - before).as("bytes").isLessThan(2_000_000);
    }

    private static long stackDepth() {
        return StackWalker.getInstance().walk(Stream::count);
    }

    private static long usedMemory() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @QueueTest
    @DisplayName("reactor/reactor-core#301: offer() result ignored, and tasks are silently lost")
    void offeredTaskRunsOnceIfAndOnlyIfOfferReturnsTrue(Fixture fixture) throws Exception {
        int each = 5_000 * SCALE;
        int producers = 4;
        WorkerQueue<Integer> queue = fixture.open(2, 3);
        AtomicIntegerArray runs = new AtomicIntegerArray(producers * each);
        AtomicInteger offered = new AtomicInteger();
        List<Fork<Set<Integer>>> forks = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int first = p * each;
            forks.add(fixture.fork(() -> {
                Set<Integer> taken = ConcurrentHashMap.newKeySet();
                for (int i = first; i < first + each; i++) {
                    int number = i;
                    offered.incrementAndGet();
                    try {
                        boolean timed = number % 10 == 0;
                        if (timed
                                ? queue.offer(() -> runs.incrementAndGet(number), Duration.ofNanos(50_000))
                                : queue.offer(() -> runs.incrementAndGet(number))) {
                            taken.add(number);
                        }
                    } catch (QueueClosedException ex) {
                        return taken;
                    }
                }
                return taken;
            }));
        }
        Fixture.until("most are offered", () -> offered.get() > producers * each * 3 / 4);
        queue.close();

        for (Fork<Set<Integer>> fork : forks) {
            for (int number : fork.get()) {
                assertThat(runs.getAndAdd(number, -1))
                        .as("runs of %s, which was taken", number)
                        .isEqualTo(1);
            }
        }
        for (int number = 0; number < producers * each; number++) {
            assertThat(runs.get(number))
                    .as("runs of %s, which was refused", number)
                    .isZero();
        }
    }

    @QueueTest
    @DisplayName("Netflix/concurrency-limits#70: one boolean and notify() for many waiters deadlock")
    void allBlockedProducersAndJoinsReturnWhenWorkerBecomesAvailable(Fixture fixture) throws Exception {
        int waiters = 24;
        for (int round = 0; round < 10 * SCALE; round++) {
            WorkerQueue<Integer> queue = fixture.open(1, 1);
            Blocker blocker = fixture.blockAndFill(queue);
            List<Fork<Boolean>> forks = new ArrayList<>();
            for (int w = 0; w < waiters; w++) {
                int number = w;
                forks.add(fixture.fork(() -> {
                    if (number % 3 == 0) {
                        return queue.offer(() -> null, Duration.ofMillis(number));
                    }
                    queue.put(() -> number);
                    return true;
                }));
            }
            Fixture.until(
                    "those without a time limit wait", () -> queue.snapshot().blockedProducers() >= waiters * 2 / 3);
            List<Fork<List<Integer>>> joiners =
                    numbers(4).stream().map(joiner -> fixture.fork(queue::join)).toList();
            joiners.forEach(Fork::awaitBlocked);

            blocker.release();

            getAll(forks);
            List<Fork<Boolean>> closers = numbers(4).stream()
                    .map(closer -> fixture.fork(() -> queue.close(LONG)))
                    .toList();
            assertThat(getAll(closers)).containsOnly(true);
            List<Integer> joined = new ArrayList<>(queue.join());
            getAll(joiners).forEach(joined::addAll);
            assertThat(joined).hasSize(waiters * 2 / 3).doesNotHaveDuplicates();
        }
        WorkerQueue<Integer> queue = fixture.open(1, 1);
        for (int round = 0; round < 50 * SCALE; round++) {
            Blocker blocker = fixture.block(queue);
            List<Fork<List<Integer>>> joiners =
                    numbers(6).stream().map(joiner -> fixture.fork(queue::join)).toList();
            joiners.forEach(Fork::awaitBlocked);
            blocker.release();
            assertThat(getAll(joiners)).containsOnly(List.of());
        }
    }

    @QueueTest
    @DisplayName("python/cpython#155418: a child cancels its group before its first suspension, and the group hangs")
    void joinReturnsWhenTaskCancelsItsOwnQueue(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(2, 4);
        for (int round = 0; round < 500 * SCALE; round++) {
            CompletableFuture<Object> never = new CompletableFuture<>();
            AtomicBoolean ran = new AtomicBoolean();
            queue.putAsync(() -> {
                queue.cancel();
                return never;
            });
            queue.join(LONG);
            Fixture.until("its stage is cancelled", never::isCancelled);

            Blocker blocker = fixture.block(queue);
            queue.put(() -> {
                queue.cancel();
                queue.put(() -> "child");
                return "parent";
            });
            CompletableFuture<Boolean> waiting = queue.submit(() -> ran.getAndSet(true));
            blocker.release();
            queue.join(LONG);
            assertThat(waiting).isDone();
            assertThat(waiting.isCancelled() || ran.get()).isTrue();
        }
    }

    @QueueTest
    @DisplayName("redisson/redisson#4302: a task that runs past the retry interval is delivered again while it runs")
    void taskRunsOnceHoweverLongItTakes(Fixture fixture) throws Exception {
        AtomicInteger made = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(body -> {
            if (made.incrementAndGet() % 2 == 0) {
                throw new OutOfMemoryError("no thread: a test");
            }
            return new Unstartable(body, false);
        }));
        WorkerQueue<Integer> queue = fixture.open(factory, 3, 4);
        int count = 20_000;
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        FaultMix.quietly(() -> queue.executeAll(numbers(count), number -> {
            runs.incrementAndGet(number);
            if (number % 5_000 == 1) {
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }));

        queue.join(LONG);

        assertThat(IntStream.range(0, count).map(runs::get)).containsOnly(1);
    }

    @QueueTest
    @DisplayName("pivovarit/parallel-collectors#461: a special path for parallelism 1 behaves differently")
    void singleWorkerBehavesLikeSeveralWorkers(Fixture fixture) throws Exception {
        for (int workers : List.of(1, 4)) {
            int maxsize = 3;
            WorkerQueue<Integer> queue = fixture.open(workers, maxsize);
            Blocker blocker = new Blocker();
            AtomicInteger taken = new AtomicInteger();
            Set<Thread> threads = Collections.newSetFromMap(new ConcurrentHashMap<>(Map.of()));
            Iterable<Integer> items = () ->
                    numbers(50).stream().peek(item -> taken.incrementAndGet()).iterator();
            Fork<?> producer = fixture.forkAction(() -> queue.putAll(items, item -> {
                threads.add(Thread.currentThread());
                blocker.run();
                return item;
            }));
            blocker.awaitStarted(workers);
            int most = workers + maxsize + 1;
            Fixture.until("the producer is held back", () -> taken.get() >= most);
            Fixture.awaitBlockedProducers(queue, 1);

            assertThat(taken).hasValue(most);
            assertThat(queue.active()).isEqualTo(workers);
            assertThat(threads).hasSize(workers).doesNotContain(producer.thread(), Thread.currentThread());
            assertThat(queue.responses()).isEmpty();

            blocker.release();
            producer.get();
            assertThat(queue.join()).isEqualTo(numbers(50));
            assertThat(threads).doesNotContain(producer.thread(), Thread.currentThread());
        }
    }
}
