package io.github.workerqueue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Report on the current work of one queue: its counters, its running tasks, its oldest waiting task and its blocked
 * producers. All values of a task belong to that task, which ran or waited at some moment of the
 * {@linkplain WorkerQueue#report() call}. The report does not block the queue, so its parts are not of exactly the same
 * moment, and a task that starts or ends during the call may be missing.
 *
 * <p>A report refers to tasks and threads and prevents their garbage collection, so do not keep it. When you read it, a
 * thread may already run another task.
 *
 * @param figures the counters of the queue
 * @param running the running tasks, in submission order
 * @param oldest the first task, in submission order, that waits for a worker; {@code null} if none waits. A failed task
 *     waits for a worker again when the delay of its retry is over
 * @param blocked the producers that are blocked by the full queue, in the order in which they wait
 * @see WorkerQueue#report()
 * @since 0.1
 */
public record QueueReport(
        QueueSnapshot figures,
        List<RunningTask> running,
        @Nullable WaitingTask oldest,
        List<BlockedProducer> blocked) {

    /**
     * Returns the current stacks of those tasks of this report that are still running. No task is shown with the stack
     * of another one. A task that has ended since this report was created is missing;
     * {@link WorkerQueue#reportWithStacks()} takes the stacks together with the report.
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

    /**
     * Task in a report, with the time for which it has run or waited.
     *
     * @since 0.1
     */
    public sealed interface Task permits RunningTask, WaitingTask {

        /**
         * Returns the index of the task in its round.
         *
         * @return the index, from 0 after each join
         */
        long index();

        /**
         * Returns the object that names the task.
         *
         * @return the {@link TaskOptions} with the name, or else the item passed to {@code putAll} or
         *     {@code executeAll}, or else the task
         */
        @Nullable
        Object source();

        /**
         * Returns the time for which the task has run or waited.
         *
         * @return the time; {@code null} if the factory of the queue has no {@linkplain QueueListener#hearsTasks()
         *     listener} that is notified about tasks, and so measures no times
         */
        @Nullable
        Duration age();

        /**
         * Returns the name of the task, as shown in failures. If the {@link TaskOptions} give no name, this method
         * calls the {@code toString()} of the object that the user put. The result may then be confidential, and the
         * call may wait for a lock that the task holds. A lambda, a method reference and a {@code FutureTask} without a
         * {@code toString()} of their own are named {@code task 17} after their index.
         *
         * @return the name, at most 200 characters
         */
        default String name() {
            return TaskNames.nameOf(source(), index());
        }

        /**
         * Returns whether the {@link TaskOptions} give the name.
         *
         * @return true if the name is from the options; false if it is the {@code toString()} of an item or of the task
         */
        default boolean named() {
            return TaskNames.givenName(source()) != null;
        }

        /**
         * Returns the type of the object that names the task. Show it instead of a confidential name.
         *
         * @return the class name of the {@link #source()}; the word null for a {@code null} item
         */
        default String type() {
            Object source = source();
            return source == null ? "null" : source.getClass().getName();
        }
    }

    /**
     * Running task. A task also counts as running during its exception handler and the dependents of its future.
     *
     * @param index the index of the task in its round
     * @param source the object that names the task
     * @param age the time for which the task has run; {@code null} if no times are measured
     * @param thread the thread that runs the task; {@code null} while an asynchronous task occupies its worker without
     *     a thread, from the end of its callable to the end of its stage
     * @param stack the stack of the thread, taken while it ran this task; empty if the task ended while its stack was
     *     taken. {@code null} if there is no thread, or the report has no stacks
     * @param worker the number of the worker, from 1, as in the name of its thread; zero if it is unknown
     * @param attempts the number of attempts, including the current one: 1 for a task that was not retried
     * @since 0.1
     */
    public record RunningTask(
            long index,
            @Nullable Object source,
            @Nullable Duration age,
            @Nullable Thread thread,
            @Nullable List<StackTraceElement> stack,
            int worker,
            int attempts)
            implements Task {

        /**
         * Creates a running task of an unknown worker, in its first attempt.
         *
         * @param index the index of the task in its round
         * @param source the object that names the task
         * @param age the time for which the task has run; {@code null} if no times are measured
         * @param thread the thread that runs the task; {@code null} while an asynchronous task occupies its worker
         *     without a thread
         * @param stack the stack of the thread; {@code null} if there is no thread, or the report has no stacks
         */
        public RunningTask(
                long index,
                @Nullable Object source,
                @Nullable Duration age,
                @Nullable Thread thread,
                @Nullable List<StackTraceElement> stack) {
            this(index, source, age, thread, stack, 0, 1);
        }

        /**
         * Creates a running task without a stack, in the same way.
         *
         * @param index the index of the task in its round
         * @param source the object that names the task
         * @param age the time for which the task has run; {@code null} if no times are measured
         * @param thread the thread that runs the task; {@code null} while an asynchronous task occupies its worker
         *     without a thread
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
     * Waiting task.
     *
     * @param index the index of the task in its round
     * @param source the object that names the task
     * @param age the time for which the task has waited for a worker; {@code null} if no times are measured
     * @since 0.1
     */
    public record WaitingTask(
            long index, @Nullable Object source, @Nullable Duration age) implements Task {

        @Override
        public String toString() {
            return "WaitingTask[index=" + index + ", name=" + name() + ", age=" + text(age) + "]";
        }
    }

    /**
     * Producer that is blocked by a full queue.
     *
     * @param thread the thread of the producer
     * @param age the time for which the producer has been blocked
     * @since 0.1
     */
    public record BlockedProducer(Thread thread, Duration age) {

        @Override
        public String toString() {
            return "BlockedProducer[thread=" + thread + ", age=" + text(age) + "]";
        }
    }

    private static String text(@Nullable Duration age) {
        return age == null ? "null" : Durations.roundedText(age);
    }
}
