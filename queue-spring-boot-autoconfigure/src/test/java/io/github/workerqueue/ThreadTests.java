package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tests for worker threads: rule 9 of {@code docs/reference/rules.md}. */
class ThreadTests {

    private static final InheritableThreadLocal<@Nullable String> INHERITABLE = new InheritableThreadLocal<>();

    @QueueTest
    void tasksRunOnThreadsOfConfiguredKind(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);

        queue.put(() -> Thread.currentThread().getClass().getName());

        assertThat(queue.join())
                .singleElement()
                .satisfies(type -> assertThat(type.contains("Virtual")).isEqualTo(fixture.isVirtual()));
    }

    @QueueTest
    void workerThreadStartsOnlyWhenNeeded(Fixture fixture) throws Exception {
        AtomicInteger made = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(counting(made)));
        WorkerQueue<String> queue = fixture.open(factory, 25, 50);
        assertThat(made).hasValue(0);

        queue.put(() -> "needs one");
        queue.join();

        assertThat(made).hasValue(fixture.isVirtual() ? 0 : 1);
    }

    private static ThreadFactory counting(AtomicInteger made) {
        return body -> {
            Thread thread = new Thread(body, "made-" + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @QueueTest
    void tinyTasksDoNotStartAllWorkers(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(100, 50);
        Set<String> names = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 10_000; i++) {
            queue.execute(() -> names.add(Thread.currentThread().getName()));
        }
        queue.join();

        assertThat(names).hasSizeLessThan(50);
    }

    @QueueTest
    void queuesReusePlatformThreadsOfFactory(Fixture fixture) throws Exception {
        AtomicInteger made = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(counting(made)));
        for (int i = 0; i < 300; i++) {
            try (WorkerQueue<String> queue = factory.open()) {
                queue.put(() -> "");
            }
        }

        assertThat(made.get()).isLessThan(fixture.isVirtual() ? 1 : 20);
    }

    @QueueTest
    void workerThreadsAreDaemonsAndNamedAfterQueueWhileTheyServeIt(Fixture fixture) throws Exception {
        int workers = 3;
        CyclicBarrier all = new CyclicBarrier(workers);
        QueueFactory factory = fixture.factory();
        try (WorkerQueue<String> queue = factory.open("riot", settings -> settings.withWorkers(workers))) {
            for (int i = 0; i < workers; i++) {
                queue.put(() -> {
                    all.await(10, TimeUnit.SECONDS);
                    return Thread.currentThread().getName() + " "
                            + Thread.currentThread().isDaemon();
                });
            }
            assertThat(queue.join())
                    .containsExactlyInAnyOrder("queue-riot-1 true", "queue-riot-2 true", "queue-riot-3 true");
        }
        Fixture.until(
                "no thread has the name any more",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("queue-riot-")));
    }

    @QueueTest
    @SuppressWarnings("ThreadPriorityCheck")
    void workerThreadInheritsNothingFromProducer(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        ClassLoader creators = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader other = new URLClassLoader(new URL[0], creators)) {
            Fork<?> producer = fixture.forkAction(() -> {
                INHERITABLE.set("inherited");
                Thread.currentThread().setContextClassLoader(other);
                Thread.currentThread().setPriority(Thread.MAX_PRIORITY);
                queue.put(() -> INHERITABLE.get() + " " + Thread.currentThread().getPriority() + " "
                        + (Thread.currentThread().getContextClassLoader() == creators));
            });
            producer.get();

            assertThat(queue.join()).containsExactly("null " + Thread.NORM_PRIORITY + " true");
        }
    }

    @QueueTest
    @SuppressWarnings("ThreadPriorityCheck")
    void loaderPriorityAndInterruptFlagAreResetAfterEachTask(Fixture fixture) throws Exception {
        WorkerQueue<List<Object>> queue = fixture.open(1, 5);
        ClassLoader creators = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader other = new URLClassLoader(new URL[0], creators)) {
            for (int i = 0; i < 3; i++) {
                queue.put(() -> {
                    Thread thread = Thread.currentThread();
                    List<Object> seen = List.of(
                            thread.getContextClassLoader() == creators, thread.getPriority(), thread.isInterrupted());
                    thread.setContextClassLoader(other);
                    thread.setPriority(Thread.MIN_PRIORITY);
                    thread.interrupt();
                    return seen;
                });
            }

            assertThat(queue.join()).hasSize(3).containsOnly(List.of(true, Thread.NORM_PRIORITY, false));
        }
    }

    @QueueTest
    void workerThreadUsesContextClassLoaderOfFactoryCreator(Fixture fixture) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[0], getClass().getClassLoader())) {
            Fork<QueueFactory> creator = fixture.fork(() -> {
                Thread.currentThread().setContextClassLoader(loader);
                return fixture.factory(builder -> builder);
            });
            WorkerQueue<Boolean> queue = fixture.open(creator.get(), 1, 1);

            queue.put(() -> Thread.currentThread().getContextClassLoader() == loader);

            assertThat(queue.join()).containsExactly(true);
        }
    }

    @QueueTest
    void threadsOfCustomThreadFactoryKeepTheirNames(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(counting(new AtomicInteger())));
        WorkerQueue<String> queue = fixture.open(factory, 1, 1);

        queue.put(() -> Thread.currentThread().getName());

        assertThat(queue.join()).containsExactly(fixture.isVirtual() ? "queue-default-1" : "made-1");
    }

    @QueueTest
    void queueKeepsNoThreadWhenIdle(Fixture fixture) throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(body -> {
            Thread thread = new Thread(body);
            thread.setDaemon(true);
            return thread;
        }));
        WorkerQueue<String> queue = fixture.open(factory, 5, 5);
        CyclicBarrier all = new CyclicBarrier(5);
        for (int i = 0; i < 5; i++) {
            queue.execute(() -> {
                threads.add(Thread.currentThread());
                all.await(10, TimeUnit.SECONDS);
            });
        }
        queue.join();

        if (!fixture.isVirtual()) {
            factory.close();
        }
        Fixture.until("no thread lives", () -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(threads).hasSize(5);
    }

    @QueueTest
    void queueReusesThreadOfIdleQueueOfSameFactory(Fixture fixture) throws Exception {
        WorkerQueue<Thread> first = fixture.open(1, 1);
        WorkerQueue<Thread> second = fixture.open(1, 1);
        if (fixture.isVirtual()) {
            return;
        }
        first.put(Thread::currentThread);
        Thread thread = first.join().get(0);
        Fixture.until("the thread is given back", () -> !thread.getName().equals("queue-default-1"));

        second.put(Thread::currentThread);

        assertThat(second.join()).containsExactly(thread);
    }

    @QueueTest
    void queueLosesNoTaskWhenThreadFactoryFailsOnce(Fixture fixture) throws Exception {
        for (int n = 1; n <= 4; n++) {
            int failing = n;
            AtomicInteger made = new AtomicInteger();
            ThreadFactory threads = body -> {
                if (made.incrementAndGet() == failing) {
                    throw new OutOfMemoryError("no thread: a test");
                }
                Thread thread = new Thread(body);
                thread.setDaemon(true);
                return thread;
            };
            QueueFactory factory = fixture.factory(builder -> builder.threadFactory(threads));
            WorkerQueue<Integer> queue = fixture.open(factory, 4, 4);
            CyclicBarrier all = new CyclicBarrier(4);
            List<Integer> items = IntStream.range(0, 8).boxed().toList();

            FailureTests.logged(() -> {
                queue.putAll(items, item -> {
                    all.await(10, TimeUnit.SECONDS);
                    return item;
                });
                assertThat(queue.join()).as("failing at thread %d", failing).isEqualTo(items);
            });
        }
    }

    @QueueTest
    void queueRetriesThreadStartWhenNoFurtherPutArrives(Fixture fixture) throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean();
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(body -> {
            if (exhausted.getAndSet(false)) {
                throw new OutOfMemoryError("no thread: a test");
            }
            return counting(new AtomicInteger()).newThread(body);
        }));
        WorkerQueue<String> queue =
                fixture.open(factory, settings -> settings.withWorkers(1).withVirtualThreads(false));
        CompletableFuture<String> stage = new CompletableFuture<>();

        assertThat(FailureTests.logged(() -> {
                    exhausted.set(true);
                    queue.putAsync(() -> stage);
                    Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);
                }))
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly("ERROR Queue 'default': no thread could be started; retrying in 100 ms");
        stage.complete("settled");
        assertThat(queue.join()).containsExactly("settled");
    }

    @QueueTest
    void queueLosesNoTaskWhenExceptionOfThreadFactoryCannotBeLogged(Fixture fixture) throws Exception {
        AtomicInteger made = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(body -> {
            if (made.incrementAndGet() == 1) {
                throw new FailureTests.UnprintableException();
            }
            return counting(made).newThread(body);
        }));
        WorkerQueue<String> queue = fixture.open(factory, 1, 1);

        FailureTests.logged(() -> {
            queue.put(() -> "ran");
            assertThat(queue.join(Duration.ofSeconds(5))).containsExactly("ran");
        });
    }

    @QueueTest
    void taskStartsOnNextWaitOrPutWhenThreadStartOverflowedStack(Fixture fixture) throws Exception {
        for (int waiting = 0; waiting < 3; waiting++) {
            AtomicInteger made = new AtomicInteger();
            QueueFactory factory = fixture.factory(builder -> builder.threadFactory(body -> {
                if (made.incrementAndGet() == 1) {
                    throw new StackOverflowError("a test");
                }
                return counting(made).newThread(body);
            }));
            WorkerQueue<String> queue = fixture.open(factory, 1, 1);
            CompletableFuture<String> future = queue.submit(() -> "ran");
            switch (waiting) {
                case 0 -> queue.join(Duration.ofSeconds(5));
                case 1 ->
                    assertThat(queue.offer(() -> "held back", Duration.ofSeconds(5)))
                            .isTrue();
                default -> {}
            }
            assertThat(future.get(5, TimeUnit.SECONDS)).isEqualTo("ran");
        }
    }

    @QueueTest
    void queueLosesNoTaskWhenThreadFactoryReturnsNull(Fixture fixture) throws Exception {
        AtomicInteger made = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(nullAtFirst(made)));
        WorkerQueue<String> queue = fixture.open(factory, 1, 1);

        FailureTests.logged(() -> {
            queue.put(() -> "ran");
            assertThat(queue.join()).containsExactly("ran");
        });
    }

    @SuppressWarnings("NullAway")
    private static ThreadFactory nullAtFirst(AtomicInteger made) {
        return body -> made.incrementAndGet() == 1 ? null : counting(made).newThread(body);
    }

    @QueueTest
    void stageIsCancelledWhenCallableReturnsAfterFactoryClose(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker stubborn = new Blocker();
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> {
            stubborn.runStubbornly();
            return stage;
        });
        stubborn.awaitStarted();
        assertThat(factory.close(Duration.ZERO)).isFalse();

        stubborn.release();

        Fixture.until("the stage is cancelled", stage::isCancelled);
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
    }

    @QueueTest
    void threadLocalsAreVisibleToLaterTasksOfSameThread(Fixture fixture) throws Exception {
        ThreadLocal<@Nullable String> local = new ThreadLocal<>();
        WorkerQueue<String> queue = fixture.open(1, 5);
        Blocker blocker = fixture.block(queue);
        queue.execute(() -> local.set("left behind"));
        queue.put(local::get);

        blocker.release();

        assertThat(queue.join()).containsExactly("left behind");
    }

    @QueueTest
    void factoryKeepsNoQueueWhenManyAreOpenedAndClosed(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        for (Fork<?> fork : Collections.nCopies(4, 0).stream()
                .map(zero -> fixture.forkAction(() -> {
                    for (int i = 0; i < 250; i++) {
                        try (WorkerQueue<Integer> queue = factory.open()) {
                            queue.putAll(List.of(1, 2, 3), item -> item);
                            assertThat(queue.join()).containsExactly(1, 2, 3);
                        }
                    }
                }))
                .toList()) {
            fork.get();
        }

        assertThat(factory.queues()).isEmpty();
    }

    @QueueTest
    void settingsRejectVirtualThreadsOnlyWhenJavaHasNone(Fixture fixture) {
        if (Runtime.version().feature() < 21) {
            assertThatThrownBy(() -> fixture.settings().withVirtualThreads(true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Java 21");
        } else {
            assertThat(fixture.settings().withVirtualThreads(true).virtualThreads())
                    .isTrue();
        }
    }
}
