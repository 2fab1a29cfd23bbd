package sample.demo;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.QueueSnapshot.State;
import io.github.workerqueue.WorkerQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sample.ladder.CallCounter;

/** Progress of a job, logged as one line every two seconds, and more often while its queue drains. */
final class Progress implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Progress.class);

    private final String job;

    private final int total;

    private final WorkerQueue<?> queue;

    private final CallCounter counter;

    private final CountDownLatch closed = new CountDownLatch(1);

    private final QueueSnapshot first;

    /** Creates the progress of a job that puts {@code total} tasks, or an unknown number if it is 0. */
    Progress(String job, int total, WorkerQueue<?> queue, CallCounter counter) {
        this.job = job;
        this.total = total;
        this.queue = queue;
        this.counter = counter;
        this.first = queue.snapshot();
    }

    /** Starts to log. */
    void start() {
        Thread thread = new Thread(this::run, "progress");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            long calls = counter.calls();
            long time = System.nanoTime();
            while (!closed.await(100, TimeUnit.MILLISECONDS)) {
                QueueSnapshot now = queue.snapshot();
                double seconds = (System.nanoTime() - time) / 1e9;
                if (seconds >= (now.state() == State.CLOSING ? 0.5 : 2)) {
                    long callsNow = counter.calls();
                    log.info("{}", line(now, (callsNow - calls) / seconds));
                    calls = callsNow;
                    time = System.nanoTime();
                }
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns a line that fits 100 columns together with the time and the level. */
    private String line(QueueSnapshot now, double callsPerSecond) {
        long done = now.completed() + now.failed() - first.completed() - first.failed();
        StringBuilder line = new StringBuilder(100);
        line.append(job).append(": ").append(Text.number(done));
        if (now.state() == State.CLOSING) {
            line.append(" done, draining");
        } else if (total > 0) {
            line.append("/").append(Text.number(total));
        } else {
            line.append(" done");
        }
        line.append(", ").append(Text.number(Math.round(callsPerSecond))).append(" calls/s");
        line.append(", running ").append(now.active());
        line.append(", waiting ").append(Text.number(now.depth()));
        if (now.retrying() > 0) {
            line.append(" (").append(Text.number(now.retrying())).append(" to retry)");
        }
        if (now.blockedProducers() > 0) {
            line.append(", blocked");
        }
        return line.toString();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
