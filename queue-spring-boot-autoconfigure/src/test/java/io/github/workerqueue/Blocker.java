package io.github.workerqueue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Body of a task that runs until the test releases it. */
final class Blocker implements TaskAction {

    private final Semaphore started = new Semaphore(0);

    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void run() throws InterruptedException {
        started.release();
        released.await();
    }

    /** Ignores interrupts until the release. Returns true if the thread was interrupted. */
    boolean runStubbornly() {
        started.release();
        boolean interrupted = false;
        for (; ; ) {
            try {
                released.await();
                return interrupted;
            } catch (InterruptedException ex) {
                interrupted = true;
            }
        }
    }

    void awaitStarted() throws InterruptedException {
        awaitStarted(1);
    }

    void awaitStarted(int times) throws InterruptedException {
        if (!started.tryAcquire(times, Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "not started " + times + " times, lacking " + (times - started.availablePermits()));
        }
    }

    boolean isStarted() {
        return started.availablePermits() > 0;
    }

    /** Releases the task. Returns false if it was released before. */
    boolean release() {
        boolean first = released.getCount() > 0;
        released.countDown();
        return first;
    }
}
