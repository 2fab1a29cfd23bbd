package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the timer of a factory and its thread. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueTimerTests {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();

    @Test
    void timerRunsActionWhenDelayIsOver() throws Exception {
        QueueTimer timer = new QueueTimer();
        long start = System.nanoTime();

        timer.schedule(this::run, TimeUnit.MILLISECONDS.toNanos(20));

        awaitRun();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        timer.close();
    }

    @Test
    void timerThreadIsDaemonThatInheritsNothingAndEndsWhenTimerIsIdle() throws Exception {
        InheritableThreadLocal<@Nullable String> inheritable = new InheritableThreadLocal<>();
        inheritable.set("inherited");
        AtomicBoolean inherited = new AtomicBoolean();
        QueueTimer timer = new QueueTimer();
        ClassLoader creators = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0]));
        timer.schedule(() -> inherited.set(inheritable.get() != null), 0);
        timer.schedule(this::run, 0);

        Thread thread = awaitRun();

        assertThat(inherited).isFalse();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("queue-timer");
        assertThat(thread.getContextClassLoader()).isSameAs(creators);
        Fixture.until("the thread has ended", () -> !thread.isAlive());
        timer.schedule(this::run, 0);
        assertThat(awaitRun()).isNotSameAs(thread);
    }

    @Test
    void timerThreadDoesNotWaitForCancelledActions() throws Exception {
        QueueTimer timer = new QueueTimer();
        timer.schedule(() -> {}, HOUR).cancel();
        timer.schedule(this::run, 0);

        Thread thread = awaitRun();

        Fixture.until("the thread does not wait for what was cancelled", () -> !thread.isAlive());
    }

    @Test
    void timerRunsNextActionWhenActionThrows() throws Exception {
        QueueTimer timer = new QueueTimer();

        assertThat(FailureTests.logged(events -> {
                    timer.schedule(
                            () -> {
                                throw new AssertionError("scheduled");
                            },
                            0);
                    Fixture.until("it is logged", () -> !events.isEmpty());
                }))
                .hasSize(1);
        timer.schedule(this::run, 0);

        assertThat(awaitRun().isAlive()).isTrue();
    }

    @Test
    void timerRunsActionsScheduledBeforeAndAfterCloseAndKeepsNoThread() throws Exception {
        QueueTimer timer = new QueueTimer();
        timer.schedule(this::run, TimeUnit.MILLISECONDS.toNanos(50));

        timer.close();
        timer.schedule(this::run, TimeUnit.MILLISECONDS.toNanos(1));

        Thread late = awaitRun();
        Thread before = awaitRun();
        assertThat(late).isNotSameAs(before);
        Fixture.until("no thread is left", () -> !late.isAlive() && !before.isAlive());
    }

    private void run() {
        ran.add(Thread.currentThread());
    }

    private Thread awaitRun() throws InterruptedException {
        Thread thread = ran.poll(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (thread == null) {
            throw new AssertionError("it did not run");
        }
        return thread;
    }
}
