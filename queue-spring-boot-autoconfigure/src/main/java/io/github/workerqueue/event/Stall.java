package io.github.workerqueue.event;

import io.github.workerqueue.QueueReport;
import io.github.workerqueue.QueueReport.BlockedProducer;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.Task;
import io.github.workerqueue.QueueReport.WaitingTask;
import io.github.workerqueue.QueueSnapshot;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * Stall of a queue, without references to the queue, its tasks or their threads.
 *
 * @param queue the name of the queue
 * @param id the ID of the queue
 * @param cause the description of the problem
 * @param since the time of the detection, in nanoseconds
 */
record Stall(String queue, long id, String cause, long since) {

    private static final String WAITS_FOR_FUTURE =
            "This task waits for a CompletableFuture. If the future depends on tasks of the same queue, as allOf and "
                    + "anyOf may, none of them continues; put such tasks into a queue that this task opens and joins.";

    private static final int MAX_PRODUCERS = 10;

    private static final Set<String> WAITS = Set.of("get", "join", "waitingGet", "timedGet");

    /** Returns the description of the problem; null if the queue has not stalled, or measures no times. */
    static @Nullable String cause(QueueReport report, Duration after) {
        QueueSnapshot figures = report.figures();
        if (figures.state() == QueueSnapshot.State.PAUSED) {
            return null;
        }
        boolean busy = report.running().size() >= figures.workers()
                && report.running().stream().allMatch(task -> isOld(task.age(), after));
        if (busy) {
            return String.format(
                    Locale.ROOT,
                    "all workers (%,d) have been busy with the same tasks for at least %s; waiting tasks: %,d",
                    figures.workers(),
                    text(after),
                    figures.depth());
        }
        WaitingTask oldest = report.oldest();
        if (oldest != null && isOld(oldest.age(), after)) {
            return String.format(
                    Locale.ROOT,
                    "the oldest waiting task has waited for %s; waiting tasks: %,d, busy workers: %,d of %,d",
                    age(oldest.age()),
                    figures.depth(),
                    report.running().size(),
                    figures.workers());
        }
        return null;
    }

    /** Whether a stack shows a wait for a future that the queue does not recognize as its own. */
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
            lines.append("\n  ").append(name(task)).append(" has run for ").append(age(task.age()));
            lines.append(thread == null ? ", its stage is incomplete" : " on " + thread.getName());
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
            lines.append("\n  ").append(name(oldest)).append(" has waited for ").append(age(oldest.age()));
        }
        List<BlockedProducer> blocked = report.blocked();
        for (BlockedProducer producer : blocked.subList(0, Math.min(blocked.size(), MAX_PRODUCERS))) {
            lines.append("\n  producer ").append(producer.thread().getName());
            lines.append(" has been blocked for ").append(age(producer.age()));
        }
        if (blocked.size() > MAX_PRODUCERS) {
            lines.append("\n  and ").append(blocked.size() - MAX_PRODUCERS).append(" more producers");
        }
        return lines.toString();
    }

    static String text(Duration duration) {
        return DurationFormatterUtils.print(duration, DurationFormat.Style.COMPOSITE);
    }

    /** Returns the text of a measured duration, in whole seconds, or in milliseconds below one second. */
    static String age(@Nullable Duration age) {
        if (age == null) {
            return "an unknown time";
        }
        return text(age.truncatedTo(age.toSeconds() > 0 ? ChronoUnit.SECONDS : ChronoUnit.MILLIS));
    }

    private static String name(Task task) {
        String index = "task " + task.index();
        String name = task.name();
        return name.equals(index) ? index : index + " '" + name + "'";
    }
}
