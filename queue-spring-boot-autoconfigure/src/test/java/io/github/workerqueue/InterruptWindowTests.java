package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

class InterruptWindowTests {

    @QueueTest
    void whoLeavesLeavesNoInterruptOfTheWindowAndTouchesNoOther(Fixture fixture) throws Exception {
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
}
