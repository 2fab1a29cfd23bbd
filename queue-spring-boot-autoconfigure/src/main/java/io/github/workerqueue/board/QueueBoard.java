package io.github.workerqueue.board;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.QueueSnapshot.State;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.board.FailureLog.FailedTask;
import io.github.workerqueue.board.FailureLog.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Recorder of the live board. For at most {@value #MAX_NAMES} queue names, it keeps the history of the last ten
 * minutes, the recent work of the workers and the last failures. The {@link QueueBoardEndpoint} shows them.
 *
 * <p>One daemon thread takes one snapshot per open queue and second, from {@link #start()} to {@link #stop()}. The
 * tasks only add their times to the totals of their name. Medians, percentiles and the work of each worker are recorded
 * while a page shows the name, and for 30 seconds after.
 *
 * <p>The recorder must be a listener of the factories. Otherwise, it shows only the counters of the snapshots. A name
 * without an open queue is dropped after ten minutes.
 *
 * @since 0.1
 */
public final class QueueBoard implements QueueListener, SmartLifecycle {

    /*
     * Threads of tasks find the record of a name in a concurrent map and add to it without a lock. They find the record
     * of a queue by its ID only if a page shows the name, or if a task fails. The maps are changed by the events of
     * opened and closed queues and by the sampler thread:
     *
     *   event                     names                      queues
     *   queue opened              + name, up to the limit    + ID
     *   queue closed, no task     -                          - ID, after its last totals were added
     *   sample                    + names not notified       + queues not notified, - queues that have ended
     *   ten minutes without use   - name                     -
     *
     * Each record of a queue adds its totals to its name under its own lock. The last totals are therefore added
     * exactly once, by the close or by the sampler thread. A name that is dropped has no queue left that could add to
     * it, unless the queue was opened meanwhile. Names are therefore added and dropped under the lock of the recorder.
     *
     * Records refer to queues weakly, and failures to nothing. The supplier of snapshots releases the queue once it has
     * terminated.
     */

    /** Maximum number of names: {@value}. */
    static final int MAX_NAMES = 100;

    /** Maximum number of open queues of a name that are listed, and whose workers are recorded. */
    static final int MAX_QUEUES = 20;

    static final Duration WATCHED = Duration.ofSeconds(30);

    private static final Logger logger = LoggerFactory.getLogger(QueueBoard.class);

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final int MAX_IDLE_SECONDS = 600;

    private static final int MAX_FAILURES_PER_SECOND = 100;

    private static final int MAX_TEXT = 200;

    private static final long STOP_MILLIS = 1_000;

    private final Iterable<? extends QueueFactory> factories;

    private final Supplier<Map<String, String>> stalled;

    private final LongSupplier clock;

    private final String instance =
            String.format("%08x", ThreadLocalRandom.current().nextInt());

    private final Map<String, NameRecord> names = new ConcurrentHashMap<>();

    private final Map<Long, QueueRecord> queues = new ConcurrentHashMap<>();

    /** Time until which a page shows a name, by the clock. */
    private final Map<String, Long> watched = new ConcurrentHashMap<>();

    /** Number of failures that were described since the last sample. */
    private final AtomicInteger described = new AtomicInteger();

    /** Factories seen by the last sample, for the threads of tasks. */
    private volatile List<QueueFactory> knownFactories = List.of();

    private volatile long second;

    /** Time of the last sample. Confined to the sampler thread. */
    private long sampledAt;

    private volatile @Nullable Thread thread;

    /**
     * Creates a recorder, which is not started yet.
     *
     * @param factories the factories of the queues, iterated once per second and in each request; the recorder must be
     *     a listener of each of them
     * @param stalled the supplier of the stalled queues: the description of each problem, by the name and ID of the
     *     queue, as in {@code riot (7)}
     */
    public QueueBoard(Iterable<? extends QueueFactory> factories, Supplier<Map<String, String>> stalled) {
        this(factories, stalled, System::nanoTime);
    }

    QueueBoard(Iterable<? extends QueueFactory> factories, Supplier<Map<String, String>> stalled, LongSupplier clock) {
        this.factories = Objects.requireNonNull(factories, "factories must not be null");
        this.stalled = Objects.requireNonNull(stalled, "stalled must not be null");
        this.clock = clock;
        sampledAt = clock.getAsLong();
    }

    @Override
    public void opened(String queue, long id, Supplier<QueueSnapshot> figures) {
        add(queue, id, figures);
    }

    private synchronized @Nullable QueueRecord add(String queue, long id, @Nullable Supplier<QueueSnapshot> figures) {
        NameRecord name = names.get(queue);
        if (name == null) {
            if (names.size() >= MAX_NAMES) {
                return null;
            }
            name = new NameRecord(queue);
            names.put(queue, name);
        }
        QueueRecord created = new QueueRecord(id, name, figures);
        QueueRecord known = queues.putIfAbsent(id, created);
        return known == null ? created : known;
    }

    @Override
    public void started(String queue, long id, int worker, long index, long waited) {
        NameRecord name = names.get(queue);
        if (name != null) {
            name.started(waited);
        }
    }

    @Override
    public void finished(
            String queue, long id, int worker, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
        NameRecord name = names.get(queue);
        if (name == null || worker == 0) {
            return;
        }
        name.finished(ran);
        Lanes lanes = lanes(name, id);
        if (lanes != null) {
            lanes.finished(worker, index, ran, outcome);
        }
        if (exception != null) {
            failed(name, id, worker, index, exception);
        }
    }

    @Override
    public void retried(String queue, long id, int worker, long index, int attempts, long delay, Throwable exception) {
        NameRecord name = names.get(queue);
        Lanes lanes = name == null ? null : lanes(name, id);
        if (lanes != null) {
            lanes.retried(worker, index);
        }
    }

    private @Nullable Lanes lanes(NameRecord name, long id) {
        QueueRecord queue = name.isWatched() ? queues.get(id) : null;
        return queue == null ? null : queue.lanes;
    }

    @Override
    public void blocked(String queue, long blocked) {
        NameRecord name = names.get(queue);
        if (name != null) {
            name.blocked(blocked);
        }
    }

    @Override
    public void closed(String queue, long id) {
        QueueRecord record = queues.get(id);
        if (record != null) {
            update(record);
        }
    }

    private void failed(NameRecord name, long id, int worker, long index, Throwable exception) {
        String type = exception.getClass().getName();
        Failure failure = null;
        if (described.incrementAndGet() <= MAX_FAILURES_PER_SECOND) {
            String message = text(exception::getMessage);
            failure = new Failure(type, message, id, index, failedTask(id, worker, index));
        }
        name.failures.add(type, Instant.now(), failure);
    }

    private @Nullable FailedTask failedTask(long id, int worker, long index) {
        WorkerQueue<?> queue = find(id);
        if (queue == null) {
            return null;
        }
        for (RunningTask task : queue.report().running()) {
            if (task.worker() == worker && task.index() == index) {
                String type = task.type();
                String name = text(task::name);
                return new FailedTask(name == null ? type : name, task.named(), type, task.attempts());
            }
        }
        return null;
    }

    private @Nullable WorkerQueue<?> find(long id) {
        QueueRecord record = queues.get(id);
        WorkerQueue<?> known = record == null ? null : record.queue();
        if (record == null || known != null) {
            return known;
        }
        for (QueueFactory factory : knownFactories) {
            for (WorkerQueue<?> queue : factory.queues()) {
                if (queue.snapshot().id() == id) {
                    record.setQueue(queue);
                    return queue;
                }
            }
        }
        return null;
    }

    /** Returns a text of the user, cut to its maximum length; null if it is null or could not be created. */
    private static @Nullable String text(Supplier<@Nullable String> source) {
        try {
            String text = source.get();
            return text == null ? null : ShortText.of(text, MAX_TEXT);
        } catch (Throwable ex) {
            return null;
        }
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            knownFactories = known();
            Thread started = new Thread(this::sample, "queue-board-sampler");
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    @Override
    public void stop() {
        Thread stopped = thread;
        thread = null;
        if (stopped != null && stopped != Thread.currentThread()) {
            LockSupport.unpark(stopped);
            try {
                stopped.join(STOP_MILLIS);
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Returns the lowest phase, so that the recorder is started first and stopped last. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    private void sample() {
        long next = clock.getAsLong() + SECOND;
        while (thread == Thread.currentThread()) {
            long wait = next - clock.getAsLong();
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
                continue;
            }
            try {
                takeSample();
            } catch (Throwable ex) {
                logger.warn("The board could not take a sample; the next one follows in a second", ex);
            }
            next = Math.max(next, clock.getAsLong() - SECOND) + SECOND;
        }
    }

    /** Takes one sample of all names. Confined to the sampler thread. */
    void takeSample() {
        long now = clock.getAsLong();
        long elapsed = Math.max(1, now - sampledAt);
        sampledAt = now;
        described.set(0);
        knownFactories = known();
        Map<NameRecord, List<QueueSnapshot>> open = new HashMap<>();
        Set<Long> sampled = new HashSet<>();
        for (WorkerQueue<?> queue : open()) {
            QueueSnapshot figures = queue.snapshot();
            QueueRecord record = queues.get(figures.id());
            if (record == null) {
                record = add(figures.name(), figures.id(), null);
                figures = queue.snapshot();
            }
            if (record != null && figures.state() != State.CLOSED) {
                sampled.add(figures.id());
                record.setQueue(queue);
                record.add(figures);
                open.computeIfAbsent(record.name, key -> new ArrayList<>()).add(figures);
            }
        }
        for (QueueRecord record : queues.values()) {
            if (!sampled.contains(record.id)) {
                update(record);
            }
            record.sampled();
        }
        long next = second + 1;
        for (NameRecord name : names.values()) {
            watch(name, now);
            name.sample(next, open.getOrDefault(name, List.of()));
            if (name.isWatched()) {
                completeLanes(name, next, elapsed);
            }
            dropIfUnused(name);
        }
        second = next;
    }

    /** Adds the totals of a queue to its name, and drops it if no further task can end. */
    private void update(QueueRecord record) {
        QueueSnapshot figures = record.snapshot();
        if (figures != null) {
            record.add(figures);
        }
        if (figures == null || (figures.state() == State.CLOSED && figures.active() == 0)) {
            queues.remove(record.id);
        }
    }

    private void watch(NameRecord name, long now) {
        Long until = watched.get(name.name);
        boolean shown = until != null && until - now > 0;
        name.watch(shown);
        if (until != null && !shown) {
            watched.remove(name.name, until);
            queues.values().stream().filter(queue -> queue.name == name).forEach(queue -> queue.lanes = null);
        }
    }

    private void completeLanes(NameRecord name, long next, long elapsed) {
        for (QueueRecord record : newest(name)) {
            WorkerQueue<?> queue = record.queue();
            Lanes lanes = record.lanes;
            if (lanes == null) {
                record.lanes = new Lanes(next);
            } else if (queue != null) {
                lanes.complete(next, elapsed, queue.workers(), queue.report().running());
            }
        }
    }

    private synchronized void dropIfUnused(NameRecord name) {
        if (name.idleSeconds() >= MAX_IDLE_SECONDS && queues.values().stream().noneMatch(queue -> queue.name == name)) {
            names.remove(name.name, name);
            watched.remove(name.name);
        }
    }

    private List<QueueFactory> known() {
        List<QueueFactory> known = new ArrayList<>();
        factories.forEach(known::add);
        return known;
    }

    /** Returns the open queues of all factories. */
    List<WorkerQueue<?>> open() {
        List<WorkerQueue<?>> open = new ArrayList<>();
        for (QueueFactory factory : factories) {
            open.addAll(factory.queues());
        }
        return open;
    }

    /** Returns the newest queues of a name, the newest last. */
    private List<QueueRecord> newest(NameRecord name) {
        List<QueueRecord> records = queues.values().stream()
                .filter(queue -> queue.name == name)
                .sorted(Comparator.comparingLong(queue -> queue.id))
                .toList();
        return records.subList(Math.max(0, records.size() - MAX_QUEUES), records.size());
    }

    /** Records the details of a name for the next 30 seconds. */
    void watch(NameRecord name) {
        long now = clock.getAsLong();
        boolean known = watched.put(name.name, now + WATCHED.toNanos()) != null;
        if (!known) {
            name.watch(true);
            newest(name).forEach(record -> record.lanes = new Lanes(second));
        }
    }

    String instance() {
        return instance;
    }

    /** Returns the number of the newest sample, from 1; 0 if there is none. */
    long second() {
        return second;
    }

    Collection<NameRecord> names() {
        return names.values();
    }

    @Nullable
    NameRecord name(String name) {
        return names.get(name);
    }

    /** Returns the number of queues that are open, or whose tasks may still end. */
    int queues() {
        return queues.size();
    }

    @Nullable
    QueueRecord queue(long id) {
        return queues.get(id);
    }

    /** Returns the description of each stall, by the name and ID of the queue. */
    Map<String, String> stalled() {
        return stalled.get();
    }
}
