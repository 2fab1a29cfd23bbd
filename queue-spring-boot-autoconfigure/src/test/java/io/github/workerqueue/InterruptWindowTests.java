package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tests for the window in which the task of a thread can be interrupted. */
class InterruptWindowTests {

    @QueueTest
    void leaveClearsOnlyInterruptOfWindow(Fixture fixture) throws Exception {
        InterruptWindow window = new InterruptWindow();
        Blocker entered = new Blocker();
        Fork<String> fork = fixture.fork(() -> {
            window.enter(1, Thread.currentThread());
            entered.runStubbornly();
            Thread.currentThread().interrupt(); // as if the flag had not been read
            boolean left = window.leave(1);
            boolean flag = Thread.currentThread().isInterrupted();
            window.enter(2, Thread.currentThread());
            Thread.currentThread().interrupt();
            return left + " " + flag + ", " + window.leave(2) + " " + Thread.interrupted();
        });
        entered.awaitStarted();

        assertThat(window.interrupt(2)).isFalse();
        assertThat(window.interrupt(1)).isTrue();
        assertThat(window.interrupt(1)).isFalse();

        entered.release();
        assertThat(fork.get()).isEqualTo("true false, false true");
        assertThat(window.interrupt(2)).isFalse();
    }

    @QueueTest
    void announcedTicketIsDroppedWhenBelowLimitOfCancel(Fixture fixture) {
        InterruptWindow window = new InterruptWindow();
        Recorder recorder = new Recorder();
        window.announce(5);
        assertThat(window.cancel(5, () -> "task", recorder)).isFalse();
        assertThat(window.enterAnnounced(5, Thread.currentThread())).isTrue();
        assertThat(window.leave(5)).isFalse();
        assertThat(recorder.told).isEmpty();

        window.announce(6);
        assertThat(window.cancel(7, () -> "task", recorder)).isFalse();
        assertThat(window.enterAnnounced(6, Thread.currentThread())).isFalse();
        assertThat(recorder.told).containsExactly("dropped 6 task");
    }

    @QueueTest
    void runningTicketIsInterruptedOnceWhenBelowLimitOfCancel(Fixture fixture) throws Exception {
        InterruptWindow window = new InterruptWindow();
        Recorder recorder = new Recorder();
        Blocker entered = new Blocker();
        Fork<Boolean> fork = fixture.fork(() -> {
            window.enter(5, Thread.currentThread());
            entered.runStubbornly();
            return window.leave(5);
        });
        entered.awaitStarted();
        assertThat(window.cancel(5, () -> "task", recorder)).isFalse();
        assertThat(recorder.told).isEmpty();

        assertThat(window.cancel(6, () -> "task", recorder)).isTrue();
        assertThat(window.cancel(6, () -> "task", recorder)).isTrue();
        assertThat(recorder.told).containsExactly("interrupted 5 task");
        entered.release();
        assertThat(fork.get()).isTrue();
    }

    @QueueTest
    void threadInWindowIsNotInterruptedWhenItCancels(Fixture fixture) {
        InterruptWindow window = new InterruptWindow();
        Recorder recorder = new Recorder();
        window.enter(5, Thread.currentThread());

        assertThat(window.interrupt(5)).isFalse();
        assertThat(window.cancel(6, () -> "task", recorder)).isTrue();
        assertThat(window.leave(5)).isFalse();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(recorder.told).isEmpty();
    }

    @QueueTest
    void threadIsNotInterruptedWhenItRetractedItsTicket(Fixture fixture) throws Exception {
        InterruptWindow window = new InterruptWindow();
        Recorder recorder = new Recorder();
        Blocker retracted = new Blocker();
        Fork<String> fork = fixture.fork(() -> {
            window.enter(5, Thread.currentThread());
            return window.retract(5) + " " + retracted.runStubbornly();
        });
        retracted.awaitStarted();

        assertThat(window.cancel(6, () -> null, recorder)).isFalse();
        retracted.release();
        assertThat(fork.get()).isEqualTo("true false");
        assertThat(recorder.told).isEmpty();
    }

    private static final class Recorder implements CancelSink {

        private final List<String> told = new ArrayList<>();

        @Override
        public void drop(long ticket, Object task) {
            told.add("dropped " + ticket + " " + task);
        }

        @Override
        public void interrupt(long ticket, @Nullable Object source) {
            told.add("interrupted " + ticket + " " + source);
        }
    }
}
