package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for retry delays that a failure requests without a hold: rule 13 of {@code docs/reference/rules.md}. */
class RetryAfterResolverTests {

    private static final RetryAfterResolver UNKNOWN = failure -> null;

    private static final RetryAfterResolver BROKEN = failure -> {
        throw new IllegalStateException("of the resolver");
    };

    private static final TaskRetryPolicy ONCE_MORE = (failure, attempts) -> attempts < 2 ? Duration.ofMillis(2) : null;

    private final Queue<Long> delays = new ConcurrentLinkedQueue<>();

    @QueueTest
    void resolverLengthensDelayWhenItsWaitIsLonger(Fixture fixture) throws Exception {
        RetryAfterResolver resolver = failure -> switch (String.valueOf(failure.getMessage())) {
            case "longer" -> Duration.ofMillis(5);
            case "shorter" -> Duration.ofNanos(1);
            case "negative" -> Duration.ofSeconds(-5);
            default -> null;
        };
        WorkerQueue<String> queue = open(fixture, "default", resolver);

        queue.putAll(List.of("longer", "shorter", "negative", "unknown"), RetryAfterResolverTests::fail);

        queue.join();
        assertThat(delays)
                .containsExactlyInAnyOrder(
                        TimeUnit.MILLISECONDS.toNanos(5),
                        TimeUnit.MILLISECONDS.toNanos(2),
                        TimeUnit.MILLISECONDS.toNanos(2),
                        TimeUnit.MILLISECONDS.toNanos(2));
        assertThat(fixture.failures).hasSize(4);
    }

    @QueueTest
    void resolverReplacesDefaultUnlessDefaultIsInChain(Fixture fixture) throws Exception {
        RetryAfterResolver present = QueueSettings.defaults().retryAfterResolver();
        Asking failure = new Asking();
        open(fixture, "without", UNKNOWN).put(() -> {
            throw new IOException(failure);
        });
        Fixture.until("it is retried", () -> delays.size() == 1);
        open(fixture, "with", RetryAfterResolver.firstOf(List.of(UNKNOWN, present)))
                .put(() -> {
                    throw new IOException(failure);
                });
        Fixture.until("it is retried", () -> delays.size() == 2);

        assertThat(delays).containsExactly(TimeUnit.MILLISECONDS.toNanos(2), TimeUnit.MILLISECONDS.toNanos(7));
    }

    @QueueTest
    void resolverIsNotAskedWhenTaskIsNotRetried(Fixture fixture) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        WorkerQueue<String> queue = open(fixture, "default", failure -> {
            asked.incrementAndGet();
            return null;
        });

        queue.put(() -> fail("a"), TaskOptions.defaults().withRetryPolicy(TaskRetryPolicy.NEVER));

        queue.join();
        assertThat(asked).hasValue(0);
        assertThat(fixture.failures).hasSize(1);
    }

    @QueueTest
    void taskIsRetriedAndOneLinePerNameIsLoggedWhenResolverThrows(Fixture fixture) throws Exception {
        AtomicInteger runs = new AtomicInteger();
        List<ILoggingEvent> logged = FailureTests.logged(() -> {
            for (String name : List.of("riot", "riot", "other")) {
                WorkerQueue<String> queue = open(fixture, name, BROKEN);
                queue.put(RetryTests.failing(runs, 1, "done"));
                queue.put(RetryTests.failing(new AtomicInteger(), 1, "done"));
                assertThat(queue.join()).containsExactly("done", "done");
                runs.set(0);
            }
        });

        assertThat(logged)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage() + ": "
                        + event.getThrowableProxy().getMessage())
                .containsExactly(
                        Level.WARN + " Queue 'riot': a RetryAfterResolver failed and counts as null; "
                                + "further failures are not logged: of the resolver",
                        Level.WARN + " Queue 'other': a RetryAfterResolver failed and counts as null; "
                                + "further failures are not logged: of the resolver");
        assertThat(delays).containsOnly(TimeUnit.MILLISECONDS.toNanos(2)).hasSize(6);
    }

    @QueueTest
    void nextResolverIsAskedWhenEarlierResolverThrows(Fixture fixture) throws Exception {
        RetryAfterResolver chain = RetryAfterResolver.firstOf(
                List.of(RetryAfterResolver.firstOf(List.of(UNKNOWN, BROKEN)), failure -> Duration.ofMillis(4)));
        WorkerQueue<String> queue = open(fixture, "default", chain);

        List<ILoggingEvent> logged = FailureTests.logged(() -> {
            queue.put(() -> fail("a"));
            queue.join();
        });

        assertThat(delays).containsExactly(TimeUnit.MILLISECONDS.toNanos(4));
        assertThat(logged).hasSize(1);
    }

    @Test
    @Timeout(20)
    void firstAnswerCountsWhenSeveralResolversAreAsked() {
        IOException failure = new IOException();
        RetryAfterResolver one = any -> Duration.ofSeconds(1);
        RetryAfterResolver two = any -> Duration.ofSeconds(2);

        assertThat(RetryAfterResolver.firstOf(List.of(UNKNOWN, one, two)).retryAfter(failure))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(RetryAfterResolver.firstOf(List.of(BROKEN, two, one)).retryAfter(failure))
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(RetryAfterResolver.firstOf(List.of()).retryAfter(failure)).isNull();
        assertThat(RetryAfterResolver.firstOf(List.of(one))).isSameAs(one);
        assertThat(RetryAfterResolver.firstOf(List.of(one, two)))
                .isEqualTo(RetryAfterResolver.firstOf(List.of(one, two)));
    }

    private WorkerQueue<String> open(Fixture fixture, String name, RetryAfterResolver resolver) {
        QueueFactory made = factory;
        if (made == null) {
            made = fixture.factory(builder -> builder.listener(new QueueListener() {
                @Override
                public void retried(String queue, int attempts, long delay, Throwable exception) {
                    delays.add(delay);
                }
            }));
            factory = made;
        }
        return made.open(
                name,
                settings -> settings.withWorkers(1)
                        .withRetryPolicy(ONCE_MORE)
                        .withRetryAfterResolver(resolver)
                        .withMaxHold(Duration.ZERO));
    }

    private @Nullable QueueFactory factory;

    private static String fail(String message) throws IOException {
        throw new IOException(message);
    }

    private static final class Asking extends Exception implements RetryAfter {

        private static final long serialVersionUID = 1;

        @Override
        public Duration retryAfter() {
            return Duration.ofMillis(7);
        }
    }
}
