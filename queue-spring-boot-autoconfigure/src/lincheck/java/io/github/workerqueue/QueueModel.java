package io.github.workerqueue;

import static io.github.workerqueue.ModelThreads.require;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests for the whole queue with the threads of its slots: two concurrent calls while a task of a third caller waits or
 * runs. No order of their steps loses or repeats a task or a result. Each number of workers has a subclass of its own,
 * so that the subclasses can run concurrently.
 */
abstract class QueueModel {

    private static final int INVOCATIONS = Integer.getInteger("workerqueue.lincheck.invocations", 100);

    private static final int TASKS_EACH = 2;

    private static final int TASKS = 3 * TASKS_EACH;

    private final QueueSettings settings;

    QueueModel(int workers) {
        this.settings = ModelThreads.settings(workers, 1);
    }

    enum Call {
        PUT,
        OFFER,
        PUT_ALL,
        PUT_ASYNC,
        SUBMIT,
        JOIN,
        JOIN_AT_ONCE,
        CANCEL,
        CLOSE,
        CLOSE_AT_ONCE
    }

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Call one : Call.values()) {
            for (Call other : Call.values()) {
                if (one.compareTo(other) <= 0) {
                    pairs.add(Arguments.of(one, other));
                }
            }
        }
        return pairs.stream();
    }

    @BeforeAll
    static void warmUp() {
        ModelThreads.warmUp();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void queueLosesAndRepeatsNothingWhenTwoCallsAreConcurrent(Call one, Call other) {
        ModelThreads.explore(INVOCATIONS, () -> new Run(settings, one, other).run());
    }

    private static final class Run {

        private final WorkerQueue<Integer> queue;

        private final List<Client> clients;

        private final AtomicIntegerArray ran = new AtomicIntegerArray(TASKS);

        Run(QueueSettings settings, Call one, Call other) {
            queue = new DefaultWorkerQueue<>(ModelThreads.engine(settings));
            clients = List.of(
                    new Client(this, Call.PUT, 0),
                    new Client(this, one, TASKS_EACH),
                    new Client(this, other, 2 * TASKS_EACH));
        }

        void run() {
            Client before = clients.get(0);
            Thread one = new Thread(clients.get(1));
            Thread other = new Thread(clients.get(2));
            before.run();
            one.start();
            other.start();
            try {
                one.join();
                other.join();
                before.joined.addAll(queue.join());
            } catch (InterruptedException ex) {
                throw new AssertionError(ex);
            }
            queue.close();
            checkClosed();
            check();
        }

        private void check() {
            boolean[] joined = new boolean[TASKS];
            int results = 0;
            int accepted = 0;
            int futures = 0;
            for (Client client : clients) {
                require(client.wrong == null, "an exception that no call throws: " + client.wrong);
                accepted += client.accepted;
                futures += client.hasValue() ? 1 : 0;
                for (int result : client.joined) {
                    require(!joined[result], "joined twice: " + result);
                    joined[result] = true;
                    results++;
                }
            }
            QueueSnapshot figures = queue.snapshot();
            require(figures.put() == accepted, accepted + " calls put, the queue counts " + figures.put());
            require(
                    figures.put() == figures.completed() + figures.cancelled(),
                    figures.put() + " put, but " + figures.completed() + " completed and " + figures.cancelled()
                            + " cancelled");
            require(
                    figures.completed() == results + futures,
                    figures.completed() + " completed, but " + results + " joined and " + futures + " futures");
            int runs = 0;
            for (int task = 0; task < TASKS; task++) {
                require(ran.get(task) <= 1, "ran twice: " + task);
                require(!joined[task] || ran.get(task) == 1, "joined what did not run: " + task);
                runs += ran.get(task);
            }
            require(runs >= figures.completed() && runs <= accepted, runs + " ran of " + accepted);
        }

        private void checkClosed() {
            try {
                queue.put(() -> 0);
                throw new AssertionError("put into a closed queue");
            } catch (QueueClosedException ex) {
                // expected
            } catch (InterruptedException ex) {
                throw new AssertionError(ex);
            }
        }
    }

    /** Call of one thread and its outcome. */
    private static final class Client implements Runnable {

        private final Run run;

        private final Call call;

        private final int number;

        private final List<Integer> joined = new ArrayList<>();

        private int accepted;

        private @Nullable CompletableFuture<Integer> future;

        private @Nullable Throwable wrong;

        Client(Run run, Call call, int number) {
            this.run = run;
            this.call = call;
            this.number = number;
        }

        @Override
        public void run() {
            try {
                call(run.queue);
            } catch (QueueClosedException | CancellationException | TimeoutException ex) {
                // allowed, depending on the other call
            } catch (Throwable ex) {
                wrong = ex;
            }
        }

        private void call(WorkerQueue<Integer> queue) throws Exception {
            switch (call) {
                case PUT -> {
                    queue.put(task(0));
                    accepted++;
                }
                case OFFER -> accepted += queue.offer(task(0)) ? 1 : 0;
                case PUT_ALL -> {
                    for (int i = 0; i < TASKS_EACH; i++) {
                        queue.putAll(List.of(i), item -> task(item).call());
                        accepted++;
                    }
                }
                case PUT_ASYNC -> {
                    queue.putAsync(() -> CompletableFuture.completedFuture(task(0).call()));
                    accepted++;
                }
                case SUBMIT -> {
                    future = queue.submit(task(0));
                    accepted++;
                }
                case JOIN -> joined.addAll(queue.join());
                case JOIN_AT_ONCE -> joined.addAll(queue.join(Duration.ZERO));
                case CANCEL -> queue.cancel();
                case CLOSE -> queue.close();
                case CLOSE_AT_ONCE -> queue.close(Duration.ZERO);
            }
        }

        private Callable<Integer> task(int place) {
            return () -> {
                run.ran.incrementAndGet(number + place);
                return number + place;
            };
        }

        boolean hasValue() {
            CompletableFuture<Integer> submitted = future;
            if (submitted == null) {
                return false;
            }
            require(submitted.isDone(), "a future that is not done");
            return !submitted.isCompletedExceptionally();
        }
    }
}
