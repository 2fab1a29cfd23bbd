package sample.ladder;

import io.github.workerqueue.QueueListener;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** Listener that counts the attempts of all tasks. Its methods must not block, since the queue waits for them. */
@Component
public class CallCounter implements QueueListener {

    private final LongAdder calls = new LongAdder();

    private final LongAdder retries = new LongAdder();

    private final LongAdder blockedNanos = new LongAdder();

    @Override
    public void started(String queue, long index, long waited) {
        calls.increment();
    }

    @Override
    public void retried(String queue, int attempts, long delay, Throwable exception) {
        retries.increment();
    }

    @Override
    public void blocked(String queue, long blocked) {
        blockedNanos.add(blocked);
    }

    public long calls() {
        return calls.sum();
    }

    public long retries() {
        return retries.sum();
    }

    /** Returns the time for which producers were blocked by a full queue. */
    public Duration blocked() {
        return Duration.ofNanos(blockedNanos.sum());
    }
}
