package io.github.workerqueue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Default factory, with the open queues and the resources that they share. */
final class DefaultQueueFactory implements QueueFactory {

    private static final String DEFAULT_NAME = "default";

    private static final int MAX_SHOWN_NAMES = 20;

    /** Source of queue ids, which are unique in the JVM, so that one listener can serve several factories. */
    private static final AtomicLong ids = new AtomicLong();

    private final QueueSettings defaults;

    private final Map<String, QueueSettings> instances;

    private final boolean strictNames;

    private final QueueListener listener;

    private final WorkerThreads platformThreads;

    private final WorkerThreads virtualThreads = new WorkerThreads.Virtual();

    /** Factory of the replacement of threads, with which one task runs at a time; null if queues have threads. */
    private final CallerRunsThreads.@Nullable Maker callingThread;

    private final QueueTimer timer = new QueueTimer();

    private final Consumer<QueueEngine> onClose = this::remove;

    private final AtomicLong opened = new AtomicLong();

    private final QueueGroup group = new QueueGroup(this::hold);

    private final SharedPermits.Registry permits = new SharedPermits.Registry();

    private final StartRateLimiter.Registry rates = new StartRateLimiter.Registry(System::nanoTime, timer::schedule);

    /** Open queues, with weak references to the handles that users hold. */
    private final Map<QueueEngine, WeakReference<WorkerQueue<?>>> open = new ConcurrentHashMap<>();

    /** Queues that were open when the first close began; null until then. Guarded by this. */
    private @Nullable List<QueueEngine> closed;

    DefaultQueueFactory(
            QueueSettings defaults,
            Map<String, QueueSettings> instances,
            boolean strictNames,
            QueueListener listener,
            @Nullable ThreadFactory threadFactory,
            CallerRunsThreads.@Nullable Maker callingThread) {
        this.defaults = defaults;
        this.instances = instances;
        this.strictNames = strictNames;
        this.listener = listener;
        this.callingThread = callingThread;
        this.platformThreads = new WorkerThreads.Platform(threadFactory);
    }

    @Override
    public <T> WorkerQueue<T> open() {
        return open(DEFAULT_NAME);
    }

    @Override
    public <T> WorkerQueue<T> open(String name) {
        return open(name, UnaryOperator.identity());
    }

    @Override
    public <T> WorkerQueue<T> open(UnaryOperator<QueueSettings> change) {
        return open(DEFAULT_NAME, change);
    }

    @Override
    public <T> WorkerQueue<T> open(String name, UnaryOperator<QueueSettings> change) {
        StackGuard.check();
        checkName(name);
        QueueSettings ofName = settings(name);
        QueueSettings settings = Objects.requireNonNull(
                change.apply(ofName), "change must not return null; return the given settings or a changed copy");
        Integer total = settings.totalWorkers();
        requireOfName(name, "totalWorkers", total, ofName.totalWorkers());
        requireOfName(name, "rateLimits", settings.rateLimits(), ofName.rateLimits());
        CurrentTask opener = CurrentTask.ofThread();
        QueueContext context = new QueueContext(
                name,
                ids.incrementAndGet(),
                settings,
                listener,
                threads(settings),
                timer,
                group,
                opener == null ? null : opener.context);
        QueueEngine engine = new QueueEngine(
                context,
                total == null || callingThread != null ? null : permits.of(name, total),
                rates.of(name, rateLimits(settings)),
                onClose);
        WorkerQueue<T> queue = new DefaultWorkerQueue<>(engine);
        listener.opened(name, engine.context.id, engine.snapshots);
        open.put(engine, new WeakReference<>(queue));
        StartRateLimiter present = rates.held(name); // after the put: a hold that began later finds the queue
        if (present != null) {
            engine.hold(name, present);
        }
        if (group.isClosing()) {
            new Abandonment(List.of(engine.shutdown)).run();
            throw new IllegalStateException("The queue factory is closed and does not open queue '" + name
                    + "'; open queues before the application stops");
        }
        context.logLifecycle("spawned");
        return queue;
    }

    private void checkName(String name) {
        Objects.requireNonNull(name, "name must not be null; open() opens a queue named 'default'");
        if (instances.containsKey(name) || name.equals(DEFAULT_NAME)) {
            return;
        }
        Names.requireQueueName(name);
        if (strictNames) {
            throw new IllegalArgumentException("The name of a queue must be 'default' or a name with settings ("
                    + configuredNames() + "), but was '" + name + "'; add settings for it, or switch off strict names");
        }
        if (!instances.isEmpty()) {
            group.logOnce.logUnconfiguredName(name, this::configuredNames);
        }
    }

    private String configuredNames() {
        return instances.isEmpty()
                ? "none"
                : Names.list(instances.keySet().stream().sorted().toList(), MAX_SHOWN_NAMES);
    }

    private WorkerThreads threads(QueueSettings settings) {
        if (callingThread != null) {
            return callingThread.make(platformThreads, opened.incrementAndGet());
        }
        return settings.virtualThreads() ? virtualThreads : platformThreads;
    }

    private void remove(QueueEngine engine) {
        if (open.remove(engine) != null && !rateLimits(engine.context.settings).isEmpty()) {
            rates.release(engine.context.name);
        }
    }

    private List<RateLimit> rateLimits(QueueSettings settings) {
        return callingThread != null ? List.of() : settings.rateLimits();
    }

    private void hold(String name, long nanos) {
        if (callingThread != null) {
            return;
        }
        boolean begins = rates.hold(name, settings(name).rateLimits(), nanos);
        StartRateLimiter held = rates.held(name);
        if (held != null) { // the hold is not over yet
            open.keySet().forEach(engine -> engine.hold(name, held));
        }
        if (begins) {
            String message = "Queue '{}': a failure asks for a wait; no task of this name starts for {}";
            QueueLog.log(Level.INFO, message, name, Durations.roundedText(Duration.ofNanos(nanos)));
        }
    }

    private static void requireOfName(
            String name, String setting, @Nullable Object value, @Nullable Object valueOfName) {
        if (!Objects.equals(value, valueOfName)) {
            throw new IllegalArgumentException(setting + " of queue '" + name + "' must be " + valueOfName
                    + " as in the settings of its name, but was " + value
                    + "; all queues of a name share it, so change it in those settings");
        }
    }

    @Override
    public QueueSettings settings(String name) {
        return instances.getOrDefault(
                Objects.requireNonNull(name, "name must not be null; open() opens a queue named 'default'"), defaults);
    }

    @Override
    public List<WorkerQueue<?>> queues() {
        List<WorkerQueue<?>> queues = new ArrayList<>();
        for (QueueEngine engine : engines()) {
            WeakReference<WorkerQueue<?>> reference = open.get(engine);
            WorkerQueue<?> queue = reference == null ? null : reference.get();
            if (queue != null) {
                queues.add(queue);
            }
        }
        return queues;
    }

    @Override
    public void close() {
        close(Timeout.of(Durations.FOREVER));
    }

    @Override
    public boolean close(Duration timeout) {
        return close(Timeout.of(Durations.nanos(timeout)));
    }

    private boolean close(Timeout timeout) {
        StackGuard.check();
        if (Producer.Kind.isInside(group) && !isOver(timeout)) {
            throw new IllegalStateException(
                    "close() was called from a task of one of the factory's queues and would wait "
                            + "for that task forever; close the factory outside its tasks");
        }
        return drain(List.of(this), beginClose(), timeout);
    }

    private synchronized boolean isOver(Timeout timeout) {
        return closed != null && closed.stream().allMatch(engine -> engine.shutdown.hasNothingToAwait(timeout));
    }

    /** Begins the first close. Returns the queues that were open then, also to later closes. */
    private synchronized List<QueueEngine> beginClose() {
        List<QueueEngine> engines = closed;
        if (engines == null) {
            group.beginClose();
            engines = engines();
            closed = engines;
        }
        return engines;
    }

    private static boolean drain(List<DefaultQueueFactory> factories, List<QueueEngine> engines, Timeout timeout) {
        boolean nothingLeft = new Drain(engines, timeout).run();
        for (DefaultQueueFactory factory : factories) {
            factory.platformThreads.close();
            factory.rates.close();
            factory.timer.close();
        }
        return nothingLeft;
    }

    /** Implements {@link QueueFactory#closeAll}. */
    static boolean closeAll(Collection<?> objects, Timeout timeout) {
        StackGuard.check();
        List<DefaultQueueFactory> factories = new ArrayList<>();
        Set<QueueEngine> engines = new LinkedHashSet<>();
        List<Callable<Boolean>> others = new ArrayList<>();
        for (Object object : objects) {
            if (object instanceof DefaultQueueFactory factory) {
                factories.add(factory);
                engines.addAll(factory.beginClose());
            } else if (object instanceof DefaultWorkerQueue<?> queue) {
                engines.add(queue.engine());
            } else if (object instanceof QueueExecutorService view) {
                engines.add(view.engine());
            } else if (object instanceof QueueFactory factory) {
                others.add(() -> factory.close(Duration.ofNanos(timeout.remaining())));
            } else if (object instanceof WorkerQueue<?> queue) {
                others.add(() -> queue.close(Duration.ofNanos(timeout.remaining())));
            }
        }
        boolean nothingLeft = drain(factories, List.copyOf(engines), timeout);
        return closeOthers(others, timeout) && nothingLeft;
    }

    /** Closes factories and queues of other classes, such as proxies, concurrently. */
    private static boolean closeOthers(List<Callable<Boolean>> others, Timeout timeout) {
        List<FutureTask<Boolean>> closes =
                others.stream().map(FutureTask<Boolean>::new).toList();
        for (FutureTask<Boolean> close : closes) {
            Thread thread = new Thread(close, "queue-close");
            thread.setDaemon(true);
            thread.start();
        }
        Timeout limit = timeout.plus(Callbacks.PATIENCE_NANOS);
        boolean nothingLeft = true;
        for (FutureTask<Boolean> close : closes) {
            nothingLeft &= isTrue(close, limit);
        }
        return nothingLeft;
    }

    private static boolean isTrue(FutureTask<Boolean> close, Timeout timeout) {
        try {
            return close.get(timeout.remaining(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException ex) {
            QueueLog.logger.warn("A wrapper of a queue or factory could not be closed", ex.getCause());
        } catch (TimeoutException ex) {
            QueueLog.logger.warn("A wrapper of a queue or factory did not close within the timeout");
        }
        return false;
    }

    List<QueueEngine> engines() {
        return open.keySet().stream()
                .sorted(Comparator.comparingLong(engine -> engine.context.id))
                .toList();
    }
}
