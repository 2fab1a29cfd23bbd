package io.github.workerqueue;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Handle of a queue, held by users: it checks arguments and delegates to the engine, which never refers to it. */
final class DefaultWorkerQueue<T> implements WorkerQueue<T> {

    /*
     * Once a handle is unreachable, its queue is leaked and will be closed. So each operation that needs
     * the open queue keeps its handle reachable by a fence until it returns.
     */

    private final QueueEngine engine;

    private final QueueContext context;

    private final Cleaner.Cleanable leakDetector;

    DefaultWorkerQueue(QueueEngine engine) {
        this.engine = engine;
        this.context = engine.context;
        this.leakDetector = QueueLeakDetector.watch(this, engine);
    }

    @Override
    public void put(Callable<? extends @Nullable T> task) throws InterruptedException {
        put(task, TaskOptions.defaults());
    }

    @Override
    public void put(Callable<? extends @Nullable T> task, TaskOptions options) throws InterruptedException {
        admit(engine.tasks.createCollected(task, options), epoch());
    }

    @Override
    public void putDelayed(Callable<? extends @Nullable T> task, Duration delay) throws InterruptedException {
        Callable<?> layered = createTask(task);
        long epoch = epoch();
        engine.admission.delay(Durations.nanosOfDelay(delay), epoch);
        admit(layered, epoch);
    }

    @Override
    public void putAsync(Callable<? extends CompletionStage<? extends @Nullable T>> task) throws InterruptedException {
        putAsync(task, TaskOptions.defaults());
    }

    @Override
    public void putAsync(Callable<? extends CompletionStage<? extends @Nullable T>> task, TaskOptions options)
            throws InterruptedException {
        admit(engine.tasks.createAsync(task, options), epoch());
    }

    @Override
    public <S extends @Nullable Object> void putAll(
            Iterable<? extends S> items, TaskFunction<? super S, ? extends @Nullable T> function)
            throws InterruptedException {
        putAll(items, function, TaskOptions.defaults());
    }

    @Override
    public <S extends @Nullable Object> void putAll(
            Iterable<? extends S> items, TaskFunction<? super S, ? extends @Nullable T> function, TaskOptions options)
            throws InterruptedException {
        Objects.requireNonNull(function, "function must not be null");
        Objects.requireNonNull(options, "options must not be null");
        long epoch = epoch();
        for (S item : items) {
            admit(engine.tasks.createCollected(NamedTask.ofFunction(item, function), options), epoch);
        }
    }

    @Override
    public boolean offer(Callable<? extends @Nullable T> task) {
        try {
            return engine.admission.offer(createTask(task));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean offer(Callable<? extends @Nullable T> task, Duration timeout) throws InterruptedException {
        try {
            return engine.admission.offer(createTask(task), Durations.nanos(timeout), epoch());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void execute(TaskAction task) throws InterruptedException {
        admit(createTask(NamedTask.ofAction(task)), epoch());
    }

    @Override
    public <S extends @Nullable Object> void executeAll(Iterable<? extends S> items, TaskConsumer<? super S> consumer)
            throws InterruptedException {
        executeAll(items, consumer, TaskOptions.defaults());
    }

    @Override
    public <S extends @Nullable Object> void executeAll(
            Iterable<? extends S> items, TaskConsumer<? super S> consumer, TaskOptions options)
            throws InterruptedException {
        Objects.requireNonNull(consumer, "consumer must not be null");
        Objects.requireNonNull(options, "options must not be null");
        long epoch = epoch();
        for (S item : items) {
            admit(engine.tasks.createCollected(NamedTask.ofConsumer(item, consumer), options), epoch);
        }
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(Callable<? extends R> task)
            throws InterruptedException {
        return submit(task, TaskOptions.defaults());
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(Callable<? extends R> task, TaskOptions options)
            throws InterruptedException {
        SubmittedTask<R> submitted = engine.tasks.createSubmitted(task, options);
        admit(submitted, epoch());
        context.threads.afterSubmit();
        return submitted.future();
    }

    @Override
    @SuppressWarnings("unchecked") // the results of tasks that were put as tasks of T
    public List<T> join() throws InterruptedException {
        return (List<T>) joinUntilDone(Object.class);
    }

    @Override
    public <R extends T> List<R> join(Class<R> type) throws InterruptedException {
        return joinUntilDone(type);
    }

    @Override
    @SuppressWarnings("unchecked") // as above
    public List<T> join(Duration timeout) throws InterruptedException, TimeoutException {
        return (List<T>) joinWithin(Object.class, Durations.nanos(timeout));
    }

    @Override
    public <R extends T> List<R> join(Class<R> type, Duration timeout) throws InterruptedException, TimeoutException {
        return joinWithin(type, Durations.nanos(timeout));
    }

    @Override
    public void cancel() {
        runFenced(engine.cancellation::cancel);
    }

    @Override
    public void pause() {
        runFenced(engine.throttle::pause);
    }

    @Override
    public void resume() {
        runFenced(engine.throttle::resume);
    }

    @Override
    public void resize(int workers) {
        int count = settings().withWorkers(workers).workers();
        runFenced(() -> engine.throttle.resize(count));
    }

    @Override
    public void close() {
        close(Durations.FOREVER);
    }

    @Override
    public boolean close(Duration timeout) {
        return close(Durations.nanos(timeout));
    }

    @Override
    public String name() {
        return context.name;
    }

    @Override
    public QueueSettings settings() {
        return context.settings;
    }

    @Override
    public int workers() {
        return engine.throttle.workers();
    }

    @Override
    public int maxsize() {
        return context.settings.maxsize();
    }

    @Override
    public int depth() {
        return engine.backlog.depth();
    }

    @Override
    public int active() {
        return engine.slots.active();
    }

    @Override
    public long counter() {
        return engine.round.counter();
    }

    @Override
    @SuppressWarnings("unchecked") // as in join
    public List<T> responses() {
        StackGuard.check();
        return (List<T>) engine.round.responses();
    }

    @Override
    public QueueSnapshot snapshot() {
        return SnapshotSource.of(engine);
    }

    @Override
    public QueueReport report() {
        StackGuard.check();
        return ReportBuilder.of(engine);
    }

    @Override
    public QueueReport reportWithStacks() {
        StackGuard.check();
        return ReportBuilder.withStacks(engine);
    }

    @Override
    public List<QueueLimit> limits() {
        StackGuard.check();
        return engine.throttle.limits();
    }

    @Override
    public ExecutorService asExecutorService() {
        return new QueueExecutorService(this, engine);
    }

    @Override
    public String toString() {
        return SnapshotSource.of(engine).toString();
    }

    QueueEngine engine() {
        return engine;
    }

    private Callable<?> createTask(Callable<? extends @Nullable Object> task) {
        return engine.tasks.createCollected(task, TaskOptions.defaults());
    }

    private long epoch() {
        return engine.ring.epoch();
    }

    private void admit(Object task, long epoch) throws InterruptedException {
        try {
            engine.admission.put(task, epoch);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private boolean close(long nanos) {
        try {
            return engine.shutdown.close(nanos);
        } finally {
            if (engine.shutdown.isClosed()) {
                leakDetector.clean();
            }
        }
    }

    private void runFenced(Runnable action) {
        StackGuard.check();
        try {
            action.run();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @SuppressWarnings("unchecked") // the round has checked each result
    private <R> List<R> joinWithin(Class<R> type, long nanos) throws InterruptedException, TimeoutException {
        StackGuard.check();
        try {
            return (List<R>) engine.round.join(type, nanos);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private <R> List<R> joinUntilDone(Class<R> type) throws InterruptedException {
        try {
            return joinWithin(type, Durations.FOREVER);
        } catch (TimeoutException ex) {
            throw new AssertionError("A join without a timeout cannot time out", ex);
        }
    }
}
