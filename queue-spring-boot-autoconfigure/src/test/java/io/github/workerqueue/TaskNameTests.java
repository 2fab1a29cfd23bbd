package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

class TaskNameTests {

    @QueueTest
    void theNameGivenInTheOptionsComesFirst(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 5);

        queue.put(new Failing("toString"), TaskOptions.named("match 17"));
        queue.put(new Failing("toString"), TaskOptions.defaults());

        assertThat(names(fixture, queue)).containsExactly("match 17", "toString");
    }

    @QueueTest
    void elseItIsTheItemElseTheTask(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 20);
        Failing task = new Failing("the task");

        queue.putAll(Arrays.asList("item", 17, null), item -> {
            throw new IOException();
        });
        queue.executeAll(List.of("consumed"), item -> {
            throw new IOException();
        });
        queue.put(task);
        queue.execute(task);
        queue.putAsync(task.asynchronous());
        queue.asExecutorService().execute(task.runnable());

        assertThat(names(fixture, queue))
                .containsExactly("item", "17", "null", "consumed", "the task", "the task", "the task", "the task");
    }

    @QueueTest
    void itIsCutAtTwoHundredCharacters(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 5);

        queue.put(new Failing("x".repeat(200)));
        queue.put(new Failing("x".repeat(201)));
        queue.put(new Failing(""), TaskOptions.named("y".repeat(1_000)));

        assertThat(names(fixture, queue)).containsExactly("x".repeat(200), "x".repeat(200), "y".repeat(200));
    }

    @QueueTest
    void aToStringThatThrowsGivesClassAndHash(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 10);
        Failing task = new Failing(null);
        String expected = Failing.class.getName() + "@" + Integer.toHexString(System.identityHashCode(task));

        queue.put(task);
        queue.execute(task);
        queue.putAll(List.of(task), Failing::call);

        assertThat(names(fixture, queue)).containsExactly(expected, expected, expected);
    }

    @QueueTest
    void aToStringThatThrowsGivesClassAndHashOfWhatTheUserGave(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 10);
        Failing task = new Failing(null);

        queue.putAsync(task.asynchronous());
        queue.asExecutorService().execute(task.runnable());

        assertThat(names(fixture, queue)).allMatch(name -> name.startsWith(Failing.class.getName() + "$"));
    }

    @QueueTest
    void aToStringThatReturnsNullGivesTheNameNull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 5);
        Object item = new Object() {
            @Override
            @SuppressWarnings({"NullAway", "ToStringReturnsNull"})
            public String toString() {
                return null;
            }
        };

        queue.putAll(List.of(item), each -> {
            throw new IOException();
        });

        assertThat(names(fixture, queue)).containsExactly("null");
    }

    @QueueTest
    void itIsBuiltOnlyWhenAReportAsksForIt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 5);
        AtomicInteger built = new AtomicInteger();
        Object item = new Object() {
            @Override
            public String toString() {
                built.incrementAndGet();
                return "item";
            }
        };

        queue.putAll(List.of(item, item), Object::toString);
        queue.executeAll(List.of(item), each -> {});

        assertThat(queue.join()).hasSize(2);
        assertThat(built).hasValue(2);
    }

    @QueueTest
    void optionsAreComparedByValue(Fixture fixture) {
        assertThat(TaskOptions.named("a"))
                .isEqualTo(TaskOptions.named("a"))
                .hasSameHashCodeAs(TaskOptions.named("a"))
                .isNotEqualTo(TaskOptions.named("b"))
                .isNotEqualTo(TaskOptions.defaults())
                .hasToString("TaskOptions[name=a]");
        assertThat(TaskOptions.defaults().withRetryPolicy(TaskRetryPolicy.NEVER))
                .isNotEqualTo(TaskOptions.defaults())
                .hasToString("TaskOptions[retryPolicy=" + TaskRetryPolicy.NEVER + "]");
        assertThat(TaskOptions.defaults().name()).isNull();
        assertThatNullPointerException().isThrownBy(() -> TaskOptions.named(nothing()));
        assertThat(fixture.failures).isEmpty();
    }

    @SuppressWarnings("NullAway")
    private static String nothing() {
        return null;
    }

    WorkerQueue<String> open(Fixture fixture, int maxsize) {
        return fixture.open(1, maxsize);
    }

    private static List<String> names(Fixture fixture, WorkerQueue<?> queue) throws InterruptedException {
        queue.join();
        return fixture.failures.stream().map(TaskFailure::task).toList();
    }

    private static final class Failing implements Callable<String>, TaskAction {

        private final @Nullable String name;

        Failing(@Nullable String name) {
            this.name = name;
        }

        @Override
        public String call() throws IOException {
            throw new IOException();
        }

        @Override
        public void run() throws IOException {
            throw new IOException();
        }

        @Override
        public String toString() {
            if (name == null) {
                throw new IllegalStateException();
            }
            return name;
        }

        Callable<CompletionStage<String>> asynchronous() {
            return new Callable<>() {
                @Override
                public CompletionStage<String> call() {
                    return CompletableFuture.failedFuture(new IOException());
                }

                @Override
                public String toString() {
                    return Failing.this.toString();
                }
            };
        }

        Runnable runnable() {
            return new Runnable() {
                @Override
                public void run() {
                    throw new IllegalStateException();
                }

                @Override
                public String toString() {
                    return Failing.this.toString();
                }
            };
        }
    }
}
