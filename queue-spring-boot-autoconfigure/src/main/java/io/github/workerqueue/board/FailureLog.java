package io.github.workerqueue.board;

import io.github.workerqueue.board.BoardDescriptor.FailedTaskDescriptor;
import io.github.workerqueue.board.BoardDescriptor.FailureGroupDescriptor;
import io.github.workerqueue.board.BoardDescriptor.FailuresDescriptor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last {@value #SIZE} failures of one name, and the number of all failures of each exception. Keeps only texts and
 * numbers. Thread-safe.
 */
final class FailureLog {

    static final int SIZE = 100;

    static final int MAX_GROUPS = 10;

    static final int MAX_TASKS = 5;

    /** Maximum number of exceptions that are counted by themselves. */
    private static final int MAX_EXCEPTIONS = 50;

    private static final String OTHER = "other";

    private static final int MAX_MESSAGE = 120;

    /** Length of a group or a task in JSON without its texts. */
    private static final int GROUP_LENGTH = 100;

    private static final int TASK_LENGTH = 60;

    /** The newest last. Guarded by this object. */
    private final Deque<Failure> failures = new ArrayDeque<>();

    /** By the name of the exception. Guarded by this object. */
    private final Map<String, Count> counts = new HashMap<>();

    /** Guarded by this object. */
    private long total;

    /** Counts a failure, and keeps it if it is not null. */
    synchronized void add(String exception, Instant time, @Nullable Failure failure) {
        total++;
        String group = counts.containsKey(exception) || counts.size() < MAX_EXCEPTIONS ? exception : OTHER;
        Count count = counts.computeIfAbsent(group, key -> new Count());
        count.failures++;
        count.last = time;
        count.version = total;
        if (failure != null) {
            if (failures.size() == SIZE) {
                failures.removeFirst();
            }
            failures.addLast(failure.in(group));
        }
    }

    /**
     * Returns the newest groups.
     *
     * @param since the version that is known already
     * @param values whether to show the messages, and names that are not from the {@code TaskOptions}
     * @param length the available length in JSON; the newest group always has its place
     * @return the groups; null if there is no failure after the version
     */
    synchronized @Nullable FailuresDescriptor after(long since, boolean values, int length) {
        if (total <= since) {
            return null;
        }
        List<Group> groups = new ArrayList<>();
        counts.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().version))
                .limit(MAX_GROUPS)
                .forEach(entry -> groups.add(group(entry.getKey(), entry.getValue(), values)));
        int left = length;
        List<Group> shown = new ArrayList<>();
        for (Group group : groups) {
            if (shown.isEmpty() || group.length() <= left) {
                shown.add(group);
                left -= group.length();
            }
        }
        for (int i = 0; i < MAX_TASKS; i++) {
            for (Group group : shown) {
                left -= group.showTask(i, left);
            }
        }
        return new FailuresDescriptor(
                total, total, shown.stream().map(Group::describe).toList());
    }

    private Group group(String exception, Count count, boolean values) {
        List<Failure> newest = new ArrayList<>();
        for (var from = failures.descendingIterator(); from.hasNext() && newest.size() < MAX_TASKS; ) {
            Failure failure = from.next();
            if (failure.exception.equals(exception)) {
                newest.add(failure);
            }
        }
        String message = values && !newest.isEmpty() ? newest.get(0).message : null;
        return new Group(
                exception,
                count.failures,
                message == null ? null : ShortText.of(message, MAX_MESSAGE),
                count.last.truncatedTo(ChronoUnit.MILLIS).toString(),
                newest.stream().map(failure -> failure.describe(values)).toList(),
                new ArrayList<>());
    }

    private static final class Count {

        private long failures;

        private Instant last = Instant.EPOCH;

        private long version;
    }

    /** Group of failures, with the tasks that could be shown and those that are. */
    private record Group(
            String exception,
            long count,
            @Nullable String message,
            String last,
            List<FailedTaskDescriptor> tasks,
            List<FailedTaskDescriptor> shown) {

        int length() {
            return GROUP_LENGTH + exception.length() + (message == null ? 0 : message.length());
        }

        /** Shows the task at a position if its length is available, and returns this length. */
        int showTask(int position, int available) {
            if (position != shown.size() || position >= tasks.size()) {
                return 0;
            }
            FailedTaskDescriptor task = tasks.get(position);
            String name = task.task();
            int length = TASK_LENGTH + (name == null ? 0 : name.length());
            if (length > available) {
                return 0;
            }
            shown.add(task);
            return length;
        }

        FailureGroupDescriptor describe() {
            return new FailureGroupDescriptor(exception, count, message, last, List.copyOf(shown));
        }
    }

    /**
     * Failure of a task.
     *
     * @param exception the name of the group
     * @param message the message of the exception; null if there is none
     * @param id the ID of the queue
     * @param index the index of the task in its round
     * @param task the task; null if it is unknown
     */
    record Failure(
            String exception,
            @Nullable String message,
            long id,
            long index,
            @Nullable FailedTask task) {

        private Failure in(String group) {
            return group.equals(exception) ? this : new Failure(group, message, id, index, task);
        }

        private FailedTaskDescriptor describe(boolean values) {
            return task == null
                    ? new FailedTaskDescriptor(null, index, null, id)
                    : new FailedTaskDescriptor(
                            ShortText.of(values || task.named ? task.name : task.type, BoardQuery.MAX_TEXT),
                            index,
                            task.attempts,
                            id);
        }
    }

    /**
     * Texts of a failed task.
     *
     * @param name the name
     * @param named whether the name is from the {@code TaskOptions}
     * @param type the class name
     * @param attempts the number of attempts
     */
    record FailedTask(String name, boolean named, String type, int attempts) {}
}
