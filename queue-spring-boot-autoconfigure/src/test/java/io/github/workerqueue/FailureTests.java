package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Tests for failures: rule 5 of {@code docs/reference/rules.md}. */
class FailureTests {

    private static final List<Throwable> ANYTHING = List.of(
            new IOException("checked"),
            new IllegalStateException("unchecked"),
            new AssertionError("an error"),
            new OutOfMemoryError("a test"),
            new StackOverflowError("a test"),
            new NoClassDefFoundError("a test"),
            new InterruptedException("stray"),
            new Throwable("bare"));

    @QueueTest
    void exceptionHandlerReceivesEachFailureOnce(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 20);
        for (Throwable thrown : ANYTHING) {
            queue.put(() -> sneakyThrow(thrown), TaskOptions.named("task " + thrown.getMessage()));
        }

        assertThat(queue.join()).isEmpty();

        assertThat(fixture.failures).extracting(TaskFailure::exception).containsExactlyElementsOf(ANYTHING);
        int index = 0;
        for (TaskFailure failure : fixture.failures) {
            assertThat(failure.queue()).isEqualTo("default");
            assertThat(failure.index()).isEqualTo(index++);
            assertThat(failure.task()).isEqualTo("task " + failure.exception().getMessage());
            assertThat(failure.attempts()).isEqualTo(1);
        }
        assertThat(queue.snapshot().failed()).isEqualTo(ANYTHING.size());
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> String sneakyThrow(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @QueueTest
    void futureReceivesFailureInsteadOfHandlerWhenTaskIsSubmitted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 20);
        List<CompletableFuture<String>> futures = new ArrayList<>();
        for (Throwable thrown : ANYTHING) {
            futures.add(queue.submit(() -> sneakyThrow(thrown)));
        }
        queue.join();

        for (int i = 0; i < futures.size(); i++) {
            assertThatThrownBy(futures.get(i)::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isSameAs(ANYTHING.get(i));
        }
        assertThat(fixture.failures).isEmpty();
        assertThat(queue.snapshot().failed()).isEqualTo(ANYTHING.size());
    }

    @QueueTest
    void workerRunsNextTaskWhenTaskFails(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 20);
        for (Throwable thrown : ANYTHING) {
            queue.put(() -> sneakyThrow(thrown));
            queue.put(() -> "after " + thrown.getMessage());
        }

        assertThat(queue.join()).hasSize(ANYTHING.size());
    }

    @QueueTest
    void exceptionHandlerRunsOnWorkerThreadAndOccupiesWorker(Fixture fixture) throws Exception {
        Blocker handling = new Blocker();
        AtomicReference<@Nullable String> thread = new AtomicReference<>();
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withMaxsize(2).withExceptionHandler(failure -> {
                    thread.set(Thread.currentThread().getName());
                    handling.runStubbornly();
                }));
        AtomicBoolean next = new AtomicBoolean();
        queue.put(() -> sneakyThrow(new IOException()));
        queue.execute(() -> next.set(true));
        handling.awaitStarted();

        assertThat(thread.get()).isEqualTo("queue-default-1");
        assertThat(queue.active()).isEqualTo(1);
        assertThat(queue.depth()).isEqualTo(1);
        assertThat(next).isFalse();
        handling.release();
        queue.join();
        assertThat(next).isTrue();
    }

    @QueueTest
    void joinWaitsForTasksThatExceptionHandlerPuts(Fixture fixture) throws Exception {
        AtomicReference<@Nullable WorkerQueue<String>> self = new AtomicReference<>();
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withMaxsize(1).withExceptionHandler(failure -> {
                    WorkerQueue<String> own = self.get();
                    for (int i = 0; own != null && i < 3; i++) {
                        put(own, failure.exception().getMessage() + i);
                    }
                }));
        self.set(queue);
        queue.put(() -> sneakyThrow(new IOException("again")));

        assertThat(queue.join()).containsExactly("again0", "again1", "again2");
    }

    private static void put(WorkerQueue<String> queue, String result) {
        try {
            queue.put(() -> result);
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @QueueTest
    void queueLogsBothExceptionsAndContinuesWhenHandlerThrows(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withExceptionHandler(failure -> {
                    throw new AssertionError("the handler's");
                }));

        List<ILoggingEvent> events = logged(() -> {
            queue.put(() -> sneakyThrow(new IOException("the task's")), TaskOptions.named("task 17"));
            queue.put(() -> "next");
            assertThat(queue.join()).containsExactly("next");
        });

        assertThat(events)
                .extracting(FailureTests::exceptionMessage)
                .containsExactlyInAnyOrder("the handler's", "the task's");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage())
                    .startsWith("Queue 'default': ")
                    .contains(" task 0");
        });
        assertThat(queue.snapshot().failed()).isEqualTo(1);
    }

    @QueueTest
    void defaultHandlerLogsWarningWhenTaskFails(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings ->
                settings.withExceptionHandler(QueueSettings.defaults().exceptionHandler()));

        List<ILoggingEvent> events = logged(() -> {
            queue.put(() -> sneakyThrow(new IOException("the task's")), TaskOptions.named("task 17"));
            queue.join();
        });

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).isEqualTo("Queue 'default': task 0 'task 17' failed");
            assertThat(exceptionMessage(event)).isEqualTo("the task's");
        });
    }

    static List<ILoggingEvent> logged(TaskAction action) throws Exception {
        return logged(events -> action.run());
    }

    /** Runs an action that can observe the events as they are logged, and returns these events. */
    static List<ILoggingEvent> logged(TaskConsumer<List<ILoggingEvent>> action) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(WorkerQueue.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>() {
            @Override
            protected void append(ILoggingEvent event) {
                String message = event.getFormattedMessage();
                if (!message.contains(": leaked, with ") || message.contains("'lost'")) { // else by an earlier test
                    super.append(event);
                }
            }
        };
        appender.list = Collections.synchronizedList(new ArrayList<>());
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
        try {
            action.accept(appender.list);
        } finally {
            logger.setAdditive(true);
            logger.detachAppender(appender);
        }
        return appender.list;
    }

    private static @Nullable String exceptionMessage(ILoggingEvent event) {
        IThrowableProxy exception = event.getThrowableProxy();
        return exception == null ? null : exception.getMessage();
    }

    @QueueTest
    void queueContinuesWhenFailureCannotBeLogged(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings -> settings.withWorkers(1)
                .withExceptionHandler(QueueSettings.defaults().exceptionHandler()));

        queue.put(() -> sneakyThrow(new UnprintableException()));
        queue.putAsync(() -> CompletableFuture.failedFuture(new UnprintableException()));
        queue.put(() -> "next");

        assertThat(queue.join()).containsExactly("next");
    }

    static final class UnprintableException extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no name");
        }
    }

    @QueueTest
    void nextTaskStartsWithoutInterruptFlagWhenEarlierTaskSetIt(Fixture fixture) throws Exception {
        WorkerQueue<Boolean> queue = fixture.open(settings -> settings.withWorkers(1)
                .withExceptionHandler(failure -> Thread.currentThread().interrupt()));
        queue.put(() -> {
            Thread.currentThread().interrupt();
            return null;
        });
        queue.put(() -> Thread.currentThread().isInterrupted());
        queue.put(() -> {
            Thread.currentThread().interrupt();
            throw new IOException();
        });
        queue.put(() -> Thread.currentThread().isInterrupted());
        queue.putAsync(() -> {
            Thread.currentThread().interrupt();
            return CompletableFuture.completedFuture(null);
        });
        queue.put(() -> Thread.currentThread().isInterrupted());

        assertThat(queue.join()).containsExactly(false, false, false);
    }

    @QueueTest
    void handlerStartsWithoutInterruptFlagWhenTaskSetIt(Fixture fixture) throws Exception {
        List<Boolean> seen = Collections.synchronizedList(new ArrayList<>());
        WorkerQueue<Boolean> queue = fixture.open(settings -> settings.withWorkers(1)
                .withExceptionHandler(failure -> seen.add(Thread.currentThread().isInterrupted())));
        queue.execute(() -> {
            Thread.currentThread().interrupt();
            throw new IOException();
        });
        queue.join();

        assertThat(seen).containsExactly(false);
    }

    @QueueTest
    void taskRunsWhenExceptionOfListenerCannotBePrinted(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void started(String queue, long index, long waited) {
                throw new UnprintableException();
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, 1, 5);

        List<ILoggingEvent> events = logged(() -> {
            queue.put(() -> "ran");
            assertThat(queue.join(Duration.ofSeconds(5))).containsExactly("ran");
        });

        assertThat(events)
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getFormattedMessage()).contains(UnprintableException.class.getName()));
    }
}
