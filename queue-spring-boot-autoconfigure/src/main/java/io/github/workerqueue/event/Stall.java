package io.github.workerqueue.event;

import io.github.workerqueue.QueueReport;
import io.github.workerqueue.QueueReport.BlockedProducer;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.Task;
import io.github.workerqueue.QueueReport.WaitingTask;
import io.github.workerqueue.QueueSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A queue that has stalled. It refers to nothing of the queue.
 *
 * @param queue the name of the queue
 * @param id the number of the queue
 * @param cause what is wrong, in words
 * @param since when it was seen first, in nanoseconds
 */
record Stall(String queue, long id, String cause, long since) {

    private static final String WAITS_FOR_FUTURE =
            "This task waits for a CompletableFuture. If that depends on tasks of the "
                    + "same queue, as allOf and anyOf may, neither continues: put such tasks into a queue that this task opens, "
                    + "and join that queue.";

    private static final int MAX_PRODUCERS = 10;

    private static final Set<String> WAITS = Set.of("get", "join", "waitingGet", "timedGet");

    /** What is wrong with a queue, in words; null if it goes on, or its times are not measured. */
    static @Nullable String cause(QueueReport report, Duration after) {
        QueueSnapshot figures = report.figures();
        if (figures.state() == QueueSnapshot.State.PAUSED) {
            return null;
        }
        boolean busy = report.running().size() >= figures.workers()
                && report.running().stream().allMatch(task -> isOld(task.age(), after));
        if (busy) {
            return "all workers (" + figures.workers() + ") have been busy with the same tasks for " + after
                    + " or longer; tasks that wait: " + figures.depth();
        }
        WaitingTask oldest = report.oldest();
        if (oldest != null && isOld(oldest.age(), after)) {
            return "the oldest task that waits has waited for " + oldest.age() + "; tasks that wait: "
                    + figures.depth() + ", workers that are busy: "
                    + report.running().size() + " of " + figures.workers();
        }
        return null;
    }

    /** Whether a stack ends in a wait for a future that the queue does not recognize as one of its own. */
    private static boolean waitsForFuture(List<StackTraceElement> stack) {
        return stack.stream()
                .anyMatch(frame -> frame.getClassName().equals(CompletableFuture.class.getName())
                        && WAITS.contains(frame.getMethodName()));
    }

    private static boolean isOld(@Nullable Duration age, Duration after) {
        return age != null && age.compareTo(after) >= 0;
    }

    /**
     * Returns the tasks and blocked producers of a report, one per line, running tasks with their stacks. Calls the
     * {@code toString()} of the objects that users put.
     */
    static String describe(QueueReport report, Map<Long, List<StackTraceElement>> stacks) {
        StringBuilder lines = new StringBuilder();
        for (RunningTask task : report.running()) {
            Thread thread = task.thread();
            lines.append("\n  ").append(name(task)).append(" has run for ").append(task.age());
            lines.append(thread == null ? ", its stage is not complete" : " on " + thread.getName());
            List<StackTraceElement> stack = stacks.getOrDefault(task.index(), List.of());
            if (waitsForFuture(stack)) {
                lines.append("\n    ").append(WAITS_FOR_FUTURE);
            }
            for (StackTraceElement frame : stack) {
                lines.append("\n    at ").append(frame);
            }
        }
        WaitingTask oldest = report.oldest();
        if (oldest != null) {
            lines.append("\n  ").append(name(oldest)).append(" has waited for ").append(oldest.age());
        }
        List<BlockedProducer> blocked = report.blocked();
        for (BlockedProducer producer : blocked.subList(0, Math.min(blocked.size(), MAX_PRODUCERS))) {
            lines.append("\n  producer ").append(producer.thread().getName());
            lines.append(" has been blocked for ").append(producer.age());
        }
        if (blocked.size() > MAX_PRODUCERS) {
            lines.append("\n  and ").append(blocked.size() - MAX_PRODUCERS).append(" more producers");
        }
        return lines.toString();
    }

    private static String name(Task task) {
        String index = "task " + task.index();
        String name = task.name();
        return name.equals(index) ? index : index + " '" + name + "'";
    }
}
