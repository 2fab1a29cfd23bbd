package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskAction;
import java.util.concurrent.CountDownLatch;

/** A task that ignores interrupts until the test releases it. */
final class Stubborn implements TaskAction {

    private final CountDownLatch started = new CountDownLatch(1);

    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void run() {
        started.countDown();
        for (; ; ) {
            try {
                released.await();
                return;
            } catch (InterruptedException ignored) {
                // continues to wait
            }
        }
    }

    /** Returns a view of this task for an executor. */
    Runnable asRunnable() {
        return new Runnable() {
            @Override
            public void run() {
                Stubborn.this.run();
            }

            @Override
            public String toString() {
                return Stubborn.this.toString();
            }
        };
    }

    void awaitStart() throws InterruptedException {
        started.await();
    }

    void release() {
        released.countDown();
    }

    @Override
    public String toString() {
        return "stubborn";
    }
}
