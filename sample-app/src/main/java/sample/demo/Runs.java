package sample.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import sample.ladder.CallCounter;

/**
 * The last runs, at most one of which is active, since the counters and the heap belong to all of them. Thread-safe.
 */
@Component
class Runs {

    static final int MAX_RUNS = 20;

    private final CallCounter counter;

    private final Semaphore idle = new Semaphore(1);

    /** Guarded by this, as is the last id. */
    private final Deque<Run> runs = new ArrayDeque<>();

    private int lastId;

    Runs(CallCounter counter) {
        this.counter = counter;
    }

    /** Waits until no run is active, and reserves the place of the active run. */
    void reserve() throws InterruptedException {
        idle.acquire();
    }

    /** Reserves the place of the active run. Returns false if it is taken. */
    boolean tryReserve() {
        return idle.tryAcquire();
    }

    /** Ends the reservation. */
    void release() {
        idle.release();
    }

    boolean isActive() {
        return idle.availablePermits() == 0;
    }

    /** Waits until the active run has ended, for at most ten seconds. */
    void awaitEnd() throws InterruptedException {
        if (idle.tryAcquire(10, TimeUnit.SECONDS)) {
            idle.release();
        }
    }

    /** Adds a run, and removes the oldest one if there are too many. */
    synchronized Run add(RunSettings settings, String source) {
        Run run = new Run(++lastId, settings, source, counter);
        runs.addFirst(run);
        if (runs.size() > MAX_RUNS) {
            runs.removeLast();
        }
        return run;
    }

    synchronized List<Run> newestFirst() {
        return List.copyOf(runs);
    }

    synchronized Optional<Run> find(int id) {
        return runs.stream().filter(run -> run.id() == id).findFirst();
    }
}
