package io.github.workerqueue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one queue does at one moment. What it shows of a task belongs to that task, and ran or waited at some moment of the
 * {@linkplain WorkerQueue#report() call}; as nothing is held up for it, its parts are not of the very same moment, and a task
 * that starts or ends during the call may be missing.
 *
 * <p>It refers to tasks and threads, and so keeps them alive: don't keep it. By now, a thread may run something else.
 *
 * @param figures the figures
 * @param running the tasks that run, in put order
 * @param oldest the first in put order of the tasks that wait for a worker; null if none waits. A task that failed is one of
 *     them again once the delay of its retry is over
 * @param blocked the producers that are held back by a full queue, the first in line first
 */
public record QueueReport(
        QueueSnapshot figures,
        List<RunningTask> running,
        @Nullable WaitingTask oldest,
        List<BlockedProducer> blocked) {

    /**
     * Returns the current stacks of the tasks of this report that are still running. No task is shown with the stack of
     * another one. A task that has ended since this report was made is missing; {@link WorkerQueue#reportWithStacks()} takes
     * the stacks together with the report.
     *
     * @param queue the queue of this report
     * @return the stacks, by the index of the task
     */
    public Map<Long, List<StackTraceElement>> stacks(WorkerQueue<?> queue) {
        Map<Long, RunningTask> shown = new HashMap<>();
        running.forEach(task -> shown.put(task.index(), task));
        Map<Long, List<StackTraceElement>> stacks = new HashMap<>();
        for (RunningTask task : queue.reportWithStacks().running()) {
            RunningTask before = shown.get(task.index());
            List<StackTraceElement> stack = task.stack();
            if (before != null && before.isSameRun(task) && stack != null && !stack.isEmpty()) {
                stacks.put(task.index(), stack);
            }
        }
        return stacks;
    }

    /** A task, and since when it does what it does. */
    public sealed interface Task permits RunningTask, WaitingTask {

        /**
         * The place of the task in put order.
         *
         * @return 0 or more, from 0 after each join
         */
        long index();

        /**
         * What names the task.
         *
         * @return the {@link TaskOptions} that name it, else the item given to {@code putAll} or {@code executeAll}, else the
         *     task
         */
        @Nullable
        Object source();

        /**
         * How long it has run, or waited.
         *
         * @return the time; null where the factory of the queue has no listener that hears tasks, and so measures none
         */
        @Nullable
        Duration age();

        /**
         * The name of the task, as failures show it. Where it was not given, this calls the {@code toString()} of what
         * the user put, which may show what not everybody is to see, or wait for a lock that the task has. A lambda, a
         * method reference and a {@code FutureTask} without a {@code toString()} of their own are called
         * {@code task 17} by their index.
         *
         * @return the name, cut at 200 characters
         */
        default String name() {
            return NamedTask.nameOf(source(), index());
        }

        /**
         * Whether the name was given in {@link TaskOptions}.
         *
         * @return false if it is the {@code toString()} of an item or of the task
         */
        default boolean named() {
            return NamedTask.givenName(source()) != null;
        }

        /**
         * What kind of task it is: for those who are not to see its name.
         *
         * @return the name of the class of what names it; the word null for a null item
         */
        default String type() {
            Object source = source();
            return source == null ? "null" : source.getClass().getName();
        }
    }

    /**
     * A task that runs, which includes its exception handler, and the dependents of its future.
     *
     * @param index the place of the task in put order
     * @param source what names the task
     * @param age how long it has run
     * @param thread the thread that runs it; null while the stage of an asynchronous task holds its worker instead
     * @param stack the stack of that thread, taken while it ran this task; empty if the task ended while its stack was taken;
     *     null if there is no thread, or the report has no stacks
     */
    public record RunningTask(
            long index,
            @Nullable Object source,
            @Nullable Duration age,
            @Nullable Thread thread,
            @Nullable List<StackTraceElement> stack)
            implements Task {

        /**
         * Creates a task without a stack.
         *
         * @param index as of the record
         * @param source as of the record
         * @param age as of the record
         * @param thread as of the record
         */
        public RunningTask(long index, @Nullable Object source, @Nullable Duration age, @Nullable Thread thread) {
            this(index, source, age, thread, null);
        }

        private boolean isSameRun(RunningTask later) {
            return index == later.index
                    && source == later.source
                    && thread == later.thread
                    && (age == null || later.age == null || age.compareTo(later.age) <= 0);
        }

        @Override
        public String toString() {
            return "RunningTask[index=" + index + ", name=" + name() + ", age=" + text(age) + ", thread=" + thread
                    + "]";
        }
    }

    /**
     * A task that waits.
     *
     * @param index the place of the task in put order
     * @param source what names the task
     * @param age how long it has waited for a worker
     */
    public record WaitingTask(
            long index, @Nullable Object source, @Nullable Duration age) implements Task {

        @Override
        public String toString() {
            return "WaitingTask[index=" + index + ", name=" + name() + ", age=" + text(age) + "]";
        }
    }

    /**
     * A producer that is held back by a full queue.
     *
     * @param thread the thread that puts
     * @param age how long it has waited
     */
    public record BlockedProducer(Thread thread, Duration age) {

        @Override
        public String toString() {
            return "BlockedProducer[thread=" + thread + ", age=" + text(age) + "]";
        }
    }

    private static String text(@Nullable Duration age) {
        return age == null ? "null" : Durations.measured(age);
    }
}
