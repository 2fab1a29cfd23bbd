package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Tasks that one cancel or close has ended. They are counted immediately, but user code runs later. */
final class CancelledTasks implements CancelSink {

    private final QueueContext context;

    private final AtomicLong dropped;

    private final Queue<Cancelled> tasks = new ConcurrentLinkedQueue<>();

    /** Creates an empty list that increments a counter for each task cancelled before its start. */
    CancelledTasks(QueueContext context, AtomicLong dropped) {
        this.context = context;
        this.dropped = dropped;
    }

    @Override
    public void drop(long ticket, Object task) {
        tasks.add(new Cancelled(ticket, context.index(ticket), task, false, null));
        dropped.incrementAndGet();
    }

    @Override
    public void interrupt(long ticket, @Nullable Object source) {
        tasks.add(new Cancelled(ticket, context.index(ticket), source, true, null));
    }

    @Override
    public void detach(long ticket, @Nullable Object source, CompletionStage<?> stage) {
        tasks.add(new Cancelled(ticket, context.index(ticket), source, true, stage));
    }

    static void notifyNeverStarted(QueueContext context, long index) {
        context.notifyFinished(0, index, 0, Outcome.CANCELLED, null);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Returns the tasks in submission order. */
    List<Cancelled> inOrder() {
        return tasks.stream()
                .sorted(Comparator.comparingLong(Cancelled::ticket))
                .toList();
    }

    /** Returns the calls of user code that complete the cancel of these tasks. */
    List<Runnable> callbacks(List<Cancelled> inOrder) {
        List<Runnable> callbacks = new ArrayList<>();
        for (Cancelled task : inOrder) {
            callbacks.addAll(callbacks(task));
        }
        return callbacks;
    }

    private List<Runnable> callbacks(Cancelled task) {
        CompletionStage<?> stage = task.stage;
        if (stage != null) {
            return List.of(() -> AsyncTask.cancel(stage));
        }
        return task.started || !(context.timed || task.task instanceof QueuedTask)
                ? List.of()
                : List.of(() -> drop(task));
    }

    private void drop(Cancelled task) {
        if (task.task instanceof QueuedTask queued) {
            queued.drop();
        }
        notifyNeverStarted(context, task.index);
    }

    /** Returns the calls after {@code shutdownNow}, which returns the tasks that never ran: their futures stay open. */
    List<Runnable> callbacksOfReturned() {
        List<Runnable> callbacks = new ArrayList<>();
        for (Cancelled task : inOrder()) {
            if (!task.neverRan()) {
                callbacks.addAll(callbacks(task));
                continue;
            }
            if (task.task instanceof QueuedTask queued) {
                callbacks.add(queued.detachExecution());
            }
            callbacks.add(() -> notifyNeverStarted(context, task.index));
        }
        return callbacks;
    }

    /**
     * Cancelled task.
     *
     * @param ticket the position of the task in submission order
     * @param index the position of the task in its round
     * @param task the task if it never started, else the object that names it
     * @param started true if the task runs, or has run
     * @param stage the stage that must be cancelled, if there is one
     */
    record Cancelled(
            long ticket,
            long index,
            @Nullable Object task,
            boolean started,
            @Nullable CompletionStage<?> stage) {

        /** Whether no attempt of the task has begun. */
        boolean neverRan() {
            return !started && !(task instanceof QueuedTask queued && queued.attempts() > 0);
        }
    }
}
