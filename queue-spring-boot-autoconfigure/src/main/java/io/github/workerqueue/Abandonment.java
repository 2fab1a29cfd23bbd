package io.github.workerqueue;

import io.github.workerqueue.CancelledTasks.Cancelled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Last step of a close whose time is up: it cancels and reports all unfinished tasks of some queues. */
final class Abandonment {

    /*
     * All queues are closed and their tasks interrupted before any user code runs. User code (toString() for the
     * names, futures and stages, handlers, listeners) runs on threads of the library only. These four steps share
     * less than a second. Afterwards, the close no longer waits for user code. A task still without a name is
     * reported by its class.
     */

    private static final long NAMING_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    /** Time after which calls of the handler may overlap, so that it receives all tasks before the JVM exits. */
    private static final long IN_SEQUENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private static final long NOTIFYING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Timeout patience = Timeout.of(Callbacks.PATIENCE_NANOS);

    private final List<Shutdown> queues;

    private final List<Runnable> cancels = new ArrayList<>();

    private final List<Abandoned> abandoned = new ArrayList<>();

    private final List<Runnable> counts = new ArrayList<>();

    private final List<Runnable> reports = new ArrayList<>();

    /**
     * Creates the last step of a close.
     *
     * @param queues the queues, at least one; a closed queue is not changed
     */
    Abandonment(List<Shutdown> queues) {
        this.queues = queues;
    }

    /** Closes the queues and reports their unfinished tasks. Returns whether tasks were unfinished, or still run. */
    boolean run() {
        boolean unfinished = false;
        List<Shutdown> closed = new ArrayList<>();
        for (Shutdown queue : queues) {
            CancelledTasks cancelled = queue.cancelRemaining();
            if (cancelled == null) {
                unfinished |= !queue.isTerminated();
            } else {
                add(queue, cancelled);
                closed.add(queue);
            }
        }
        if (!closed.isEmpty()) {
            report();
        }
        closed.forEach(queue -> queue.release());
        queues.forEach(queue -> queue.awaitNotified(patience));
        return unfinished || !abandoned.isEmpty();
    }

    private void add(Shutdown queue, CancelledTasks cancelled) {
        List<Cancelled> inOrder = cancelled.inOrder();
        cancels.addAll(cancelled.callbacks(inOrder));
        List<Abandoned> tasks = inOrder.stream()
                .filter(Abandonment::isAbandoned)
                .map(task -> new Abandoned(queue.context(), task))
                .toList();
        if (tasks.isEmpty()) {
            queue.finishReport();
        } else {
            abandoned.addAll(tasks);
            counts.add(() -> logNumberOf(queue.context(), tasks));
            reports.addAll(tasks.stream().<Runnable>map(task -> task::report).toList());
            reports.add(queue::finishReport);
        }
    }

    /** Whether the task counts as abandoned. A task that the user ended before its start does not. */
    private static boolean isAbandoned(Cancelled task) {
        return task.started() || !(task.task() instanceof QueuedTask queued && queued.isCancelled());
    }

    private void report() {
        QueueContext any = queues.get(0).context();
        Callbacks naming = Callbacks.start(
                any, abandoned.stream().<Runnable>map(task -> task::name).toList());
        naming.await(Timeout.of(NAMING_NANOS));
        naming.await(Timeout.of(NAMING_NANOS)); // calls may overlap once the first wait has timed out
        Callbacks cancelling = Callbacks.start(any, cancels);
        reports.addAll(0, counts);
        Callbacks reporting = Callbacks.start(any, reports);
        if (!reporting.await(Timeout.of(IN_SEQUENCE_NANOS))
                && !reporting.await(Timeout.of(patience.remaining() - NOTIFYING_NANOS))) {
            logUnreported();
        }
        cancelling.await(Timeout.of(patience.remaining() - NOTIFYING_NANOS));
    }

    private void logUnreported() {
        for (Shutdown queue : queues) {
            long unreported = abandoned.stream()
                    .filter(task -> task.context == queue.context() && !task.reported)
                    .count();
            if (unreported > 0) {
                QueueLog.logger.warn(
                        "Queue '{}': the handler of abandoned tasks has not returned for {}; "
                                + "the close no longer waits for it",
                        queue.context().name,
                        Counts.of(unreported, "task"));
            }
        }
    }

    private static void logNumberOf(QueueContext context, List<Abandoned> tasks) {
        long started = tasks.stream().filter(task -> task.started).count();
        QueueLog.logger.warn(
                "Queue '{}': abandoned {} on close ({} started, {} not started)",
                context.name,
                Counts.of(tasks.size(), "unfinished task"),
                Counts.text(started),
                Counts.text(tasks.size() - started));
    }

    /** Abandoned task: accepted, and cancelled by the close. */
    private static final class Abandoned {

        private final QueueContext context;

        private final long index;

        private final boolean started;

        private final @Nullable Object source;

        private volatile @Nullable String name;

        /** Whether the handler has returned. */
        private volatile boolean reported;

        Abandoned(QueueContext context, Cancelled task) {
            this.context = context;
            this.index = task.index();
            this.started = !task.neverRan();
            this.source = QueuedTask.sourceOf(task.task());
        }

        void name() {
            name = TaskNames.nameOf(source, index);
        }

        void report() {
            String known = name;
            String shown = known != null ? known : TaskNames.nameWithoutCall(source, index);
            AbandonedTask task = new AbandonedTask(context.name, index, shown, started);
            context.listener.abandoned(context.name);
            try {
                context.settings.abandonedTaskHandler().handle(task);
            } catch (Throwable ex) {
                String message = "Queue '{}': the handler of abandoned tasks failed for {}";
                QueueLog.log(Level.ERROR, message, context.name, TaskNames.withIndex(index, shown), ex);
            } finally {
                reported = true;
            }
        }
    }
}
