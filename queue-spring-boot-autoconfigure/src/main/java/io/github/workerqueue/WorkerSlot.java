package io.github.workerqueue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Worker of a queue: it runs one task at a time, and has a thread only while a task occupies that thread. */
class WorkerSlot implements Runnable, AsyncTask.Worker {

    /*
     * The worker loop is work(). A thread enters it in one of these ways:
     *
     *   searching   start(), after WorkerSlots.takeToSearch(): the loop begins with search()
     *   running     startRunning(), after WorkerSlots.takeToRun(): the slot has a permit, and claims immediately
     *   suspended   resume(), after the end of a stage: the loop begins with the settlement of that task
     *
     * drain() claims and runs tasks until none is left. Then the slot stops running, and either searches for a while
     * or is idle. A suspended slot leaves the loop and counts as running.
     *
     * Invariants: a slot becomes RUNNING, and enters the list of used slots, before it claims. After its last claim,
     * it stops running and then looks for quiescence and for tasks, in this order. So no task is stranded, and no
     * join misses the end of the last task.
     *
     * Happens-before: only the thread of the slot writes the fields. The next thread sees them, as the word of
     * WorkerSlots changes in between, and by the start of that thread. Once the slot is idle or suspended, another
     * thread may run it, so the thread that left it does not touch it again.
     */

    final int number;

    final CurrentTask current;

    final TaskOutcomes outcomes = new TaskOutcomes();

    /** Number, plus one, of the slot below in the stack of idle slots. Guarded by the word of {@link WorkerSlots}. */
    long nextIdle;

    /** Node that makes this slot a used one; null while it is one. Confined to {@link WorkerSlots}. */
    @Nullable
    UsedSlots usedNode = new UsedSlots(this);

    private final WorkerScheduler scheduler;

    private final QueueContext context;

    private final Ring ring;

    private final Backlog backlog;

    private final StartThrottle throttle;

    private final WorkerSlots slots;

    private final Cancellation cancellation;

    private final Runnable starter;

    private final TaskCostMeter meter;

    /** Failure of the current task, once it has failed for good. */
    private @Nullable Throwable failure;

    /** Whether the slot starts as a running one. Written before its thread is started. */
    private boolean startsRunning;

    WorkerSlot(WorkerScheduler scheduler, int number, long nextIdle) {
        this.scheduler = scheduler;
        this.number = number;
        this.nextIdle = nextIdle;
        this.context = scheduler.context;
        this.ring = scheduler.ring;
        this.backlog = scheduler.backlog;
        this.throttle = scheduler.throttle;
        this.slots = scheduler.slots;
        this.cancellation = scheduler.cancellation;
        this.current = new CurrentTask(context, number + 1, throttle.permits());
        this.meter = new TaskCostMeter(System::nanoTime, scheduler);
        this.starter = context.threads.starter(this, "queue-" + context.name + "-" + current.worker);
    }

    /** Gives this slot a thread. Throws the exception that keeps the thread from starting. */
    final void start() {
        starter.run();
    }

    /** Gives a thread to a slot that counts as running already. */
    final void startRunning() {
        startsRunning = true;
        starter.run();
    }

    @Override
    public void resume() {
        if (context.threads.areParallel()) {
            scheduler.asyncResumer().add(this);
        } else {
            scheduler.start(starter);
        }
    }

    @Override
    public final void run() {
        CurrentTask below = current.enterThread();
        try {
            context.threads.reset(Thread.currentThread());
            work();
        } finally {
            CurrentTask.exitThread(below);
        }
    }

    private void work() {
        if (!begin()) {
            return;
        }
        while (drain()) {
            boolean hasPermit = hasPermit();
            boolean search = slots.stopRunning(this);
            if (!search && hasPermit) {
                throttle.release();
            }
            scheduler.signalIfQuiescent();
            if (!search || !search()) {
                break;
            }
        }
        scheduler.wakeWorker();
    }

    /** Begins to work on a thread. Returns false if the slot is idle or suspended now. */
    boolean begin() {
        AsyncTask suspended = current.suspendedTask();
        if (suspended != null) {
            current.resume();
            apply(settleStage(suspended));
            return true;
        }
        current.receivePermit();
        if (!startsRunning) {
            return search();
        }
        startsRunning = false;
        scheduler.wakeWorker();
        return true;
    }

    /**
     * Whether the slot has a permit, unlike after a task that did not get its own back. Call this method before the
     * slot is idle: another thread may run it then, in a task that lends the next permit.
     */
    private boolean hasPermit() {
        return !current.lendsPermit();
    }

    /** Looks for work for a while. Returns false if there was none, and the slot is idle now. */
    private boolean search() {
        int spins = scheduler.searchSpins();
        for (int i = 0; i < spins && !ring.hasAny(Ring.CLOSED); i++) {
            if (backlog.hasReady()) {
                if (!throttle.startRunning()) {
                    break;
                }
                if (ring.depth() > 1) {
                    scheduler.wakeWorker();
                }
                return true;
            }
            Thread.onSpinWait();
        }
        boolean hasPermit = hasPermit();
        slots.stopSearching(this);
        if (hasPermit) {
            throttle.release();
        }
        scheduler.wakeWorker();
        return false;
    }

    /** Runs tasks until none waits. Returns false if the slot is suspended now. */
    private boolean drain() {
        slots.markUsed(this);
        while (drainRing()) {
            RetryQueue.Entry retry = throttle.claimRetry();
            if (retry == null) {
                return true;
            }
            current.setAttempts(retry.task.attempts() + 1);
            if (!execute(retry.ticket, retry.task, retry.dueTime())) {
                return false;
            }
        }
        return false;
    }

    private boolean drainRing() {
        meter.start();
        current.setAttempts(1);
        for (long next = claim(); next >= 0; next = claim()) {
            Object task = ring.task(next);
            long putTime = ring.putTime(next);
            ring.release(next);
            backlog.signalNotFull();
            if (!execute(next, task, putTime)) {
                return false;
            }
            meter.recordTask();
        }
        meter.stop();
        return true;
    }

    private long claim() {
        long next = ring.claim();
        return next < 0 && ring.isGuarded() ? throttle.claim() : next;
    }

    /** Runs a task. Returns false if the slot is suspended now. */
    boolean execute(long ticket, Object task, long putTime) {
        current.setTicket(ticket);
        if (ticket < cancellation.limit()) {
            cancellation.drop(ticket, task);
            return finishTask();
        }
        current.setTask(task);
        if (!enterWindow(ticket, task, putTime)) {
            return finishTask();
        }
        Object result = null;
        Throwable thrown = null;
        try {
            result = ((Callable<?>) task).call();
        } catch (Throwable ex) {
            thrown = ex;
        }
        boolean cancelled = current.window.leave(ticket);
        Thread.interrupted();
        if (task instanceof AsyncTask async && thrown == null && !cancelled) {
            return apply(suspend(async, result));
        }
        return apply(settle(task, result, thrown, cancelled));
    }

    /**
     * Enters the interrupt window. Returns false if a cancel keeps the task from starting, in which case it is dropped.
     */
    private boolean enterWindow(long ticket, Object task, long putTime) {
        InterruptWindow window = current.window;
        if (!context.timed) {
            window.enter(ticket, Thread.currentThread());
        } else {
            window.announce(ticket);
            long now = context.now();
            context.listener.started(context.name, context.id, current.worker, context.index(ticket), now - putTime);
            current.setStartTime(now);
            if (!window.enterAnnounced(ticket, Thread.currentThread())) {
                return false;
            }
        }
        if (ticket >= cancellation.limit() || !window.retract(ticket)) {
            return true;
        }
        cancellation.drop(ticket, task);
        return false;
    }

    /** Suspends the slot, if the task returned a stage that has not ended. */
    final TaskDisposition suspend(AsyncTask task, @Nullable Object result) {
        if (!(result instanceof CompletionStage<?> stage)) {
            return settle(
                    task,
                    null,
                    new NullPointerException("The task given to putAsync returned null instead of a stage; "
                            + "for a null result, return CompletableFuture.completedFuture(null)"),
                    false);
        }
        task.prepare(stage, this, current.ticket());
        current.suspend(task);
        if (task.await(stage, cancellation.mayHaveMissed(current.ticket()))) {
            return TaskDisposition.SUSPENDED;
        }
        current.resume();
        return settleStage(task);
    }

    private TaskDisposition settleStage(AsyncTask task) {
        TaskDisposition disposition = settle(task, task.stageValue(), task.stageFailure(), task.isDetached());
        task.forget();
        return disposition;
    }

    /** Decides on the disposition of a task, counts it, and hands on its result or failure. */
    private TaskDisposition settle(
            Object task, @Nullable Object result, @Nullable Throwable thrown, boolean cancelled) {
        if (!(task instanceof QueuedTask queued)) {
            if (cancelled) {
                return count(TaskDisposition.CANCELLED);
            }
            return thrown != null ? failBare(task, thrown) : collect(task, result);
        }
        TaskDisposition disposition;
        if (cancelled) {
            disposition = cancel(queued, result);
        } else if (thrown != null) {
            disposition = failOrRetry(queued, thrown);
        } else if (queued.isCollected()) {
            disposition = collect(queued, result);
        } else {
            disposition = queued.finish() ? complete(queued, result) : cancel(queued, null);
        }
        queued.end(disposition, failure);
        return disposition;
    }

    private TaskDisposition collect(Object task, @Nullable Object result) {
        try {
            outcomes.collect(current.ticket(), result);
        } catch (Throwable ex) { // no memory is left for the result
            return task instanceof QueuedTask queued ? failOrRetry(queued, ex) : fail(task, ex);
        }
        count(TaskDisposition.COMPLETED);
        if (!(task instanceof AsyncTask)) {
            warnIfUnfinished(task, result);
        }
        return TaskDisposition.COMPLETED;
    }

    private TaskDisposition complete(QueuedTask task, @Nullable Object result) {
        Throwable own = task.ownFailure();
        failure = own;
        TaskDisposition disposition = count(own == null ? TaskDisposition.COMPLETED : TaskDisposition.FAILED);
        if (own != null) {
            context.hold(own);
        }
        warnIfUnfinished(task, task.value(result));
        task.complete(result, own);
        return disposition;
    }

    /** Logs a warning for a stage that is not done. Runs code of the user, so the task must be counted before. */
    private void warnIfUnfinished(Object task, @Nullable Object value) {
        if (value instanceof CompletionStage<?> stage) {
            context.group.logOnce.warnOfUnfinishedStage(
                    context.name, QueuedTask.sourceOf(task), current.index(), stage);
        }
    }

    private TaskDisposition cancel(QueuedTask task, @Nullable Object result) {
        count(TaskDisposition.CANCELLED);
        task.completeCancelled(result);
        return TaskDisposition.CANCELLED;
    }

    private TaskDisposition failOrRetry(QueuedTask task, Throwable thrown) {
        TaskDisposition decision = retry(task, thrown);
        if (decision == TaskDisposition.RETRIED) {
            return decision;
        }
        if (decision == TaskDisposition.CANCELLED || !task.finish()) {
            return cancel(task, null);
        }
        current.nameBySource();
        if (!task.hasFuture()) {
            return fail(task, thrown);
        }
        failure = thrown;
        count(TaskDisposition.FAILED);
        task.complete(null, thrown);
        return TaskDisposition.FAILED;
    }

    /**
     * Decides on the disposition of a failed attempt: RETRIED, CANCELLED if a cancel ended the task during the
     * decision, or else FAILED. After RETRIED, another slot may run the next attempt.
     */
    private TaskDisposition retry(QueuedTask task, Throwable thrown) {
        long ticket = current.ticket();
        if (ticket < cancellation.limit()) {
            return TaskDisposition.FAILED;
        }
        current.window.beginDecision(ticket);
        long hold = context.hold(thrown);
        QueuedTask.Retry retry =
                task.isRetryable() ? task.decideRetry(current.worker, current.index(), thrown, hold) : null;
        if (!current.window.endDecision(ticket)) {
            return TaskDisposition.CANCELLED;
        }
        if (retry == null) {
            return TaskDisposition.FAILED;
        }
        backlog.retry(retry.task(), ticket, retry.delay());
        cancellation.cancelMissedRetry(ticket);
        return TaskDisposition.RETRIED;
    }

    /** Fails a task without an execution. The task counts as failed before code of the user runs. */
    private TaskDisposition failBare(Object task, Throwable thrown) {
        failure = thrown;
        count(TaskDisposition.FAILED);
        context.hold(thrown);
        callHandler(task, thrown);
        return TaskDisposition.FAILED;
    }

    private TaskDisposition fail(Object task, Throwable thrown) {
        failure = thrown;
        count(TaskDisposition.FAILED);
        callHandler(task, thrown);
        return TaskDisposition.FAILED;
    }

    /** Calls the exception handler. An exception of the handler is logged together with the failure. */
    private void callHandler(Object task, Throwable thrown) {
        try {
            if (task instanceof QueuedTask queued) {
                int attempts = Math.max(1, queued.attempts());
                queued.handle(() -> callHandler(task, thrown, attempts));
            } else {
                callHandler(task, thrown, 1);
            }
        } catch (Throwable ex) {
            String message = "Queue '{}': the exception handler failed for task {}";
            QueueLog.log(Level.ERROR, message, context.name, current.index(), ex);
            String lost = "Queue '{}': failure of task {} that the exception handler received";
            QueueLog.log(Level.ERROR, lost, context.name, current.index(), thrown);
        }
    }

    private void callHandler(Object task, Throwable thrown, int attempts) {
        long index = current.index();
        String name = TaskNames.nameOf(QueuedTask.sourceOf(task), index);
        scheduler.exceptionHandler.handle(new TaskFailure(context.name, index, name, thrown, attempts));
    }

    private TaskDisposition count(TaskDisposition disposition) {
        outcomes.count(disposition);
        return disposition;
    }

    /** Applies a disposition to this slot. Returns false if the slot is suspended now. */
    private boolean apply(TaskDisposition disposition) {
        if (disposition == TaskDisposition.SUSPENDED) {
            return false;
        }
        if (disposition.outcome != null && context.timed) {
            long ran = context.now() - current.startTime();
            context.notifyFinished(
                    current.worker,
                    current.index(),
                    ran,
                    disposition.outcome,
                    disposition == TaskDisposition.FAILED ? failure : null);
        }
        return finishTask();
    }

    final boolean finishTask() {
        failure = null;
        current.clear();
        context.threads.reset(Thread.currentThread());
        return true;
    }

    /**
     * Cancels the tasks of this slot below the limit. Any thread may call this method.
     *
     * @return the number of tasks of this slot that have ended or been interrupted, never too high
     */
    long cancel(long limit, CancelSink sink) {
        long ended = outcomes.total(); // first, since a task is counted after it was in the other places
        AsyncTask suspended = current.suspendedTask();
        if (suspended != null) {
            suspended.cancel(limit, sink);
            return ended + 1;
        }
        return current.isAbsent() || current.cancel(limit, sink) ? ended + 1 : ended;
    }

    final boolean isActive() {
        return current.isActive();
    }
}
