package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.CompositeTaskDecorator;

/**
 * Has each task decorated on the thread that puts it, and runs what comes of that in its place.
 *
 * @param decorator what decorates
 */
record DecoratorInterceptor(TaskDecorator decorator) implements TaskInterceptor {

    /** For the decorators together: the last of them is the outermost, as in the executors of Spring Boot. */
    static Stream<TaskInterceptor> of(List<TaskDecorator> decorators) {
        return switch (decorators.size()) {
            case 0 -> Stream.empty();
            case 1 -> Stream.of(new DecoratorInterceptor(decorators.get(0)));
            default -> Stream.of(new DecoratorInterceptor(new CompositeTaskDecorator(decorators)));
        };
    }

    @Override
    public TaskScope intercept(TaskInfo task) {
        return new DecoratedTask(decorator);
    }

    /** One task, which a decorator knows as a Runnable. */
    private static final class DecoratedTask implements TaskScope {

        private final Runnable decorated;

        private @Nullable Attempt attempt;

        DecoratedTask(TaskDecorator decorator) {
            this.decorated = Objects.requireNonNull(
                    decorator.decorate(this::run),
                    () -> "The task decorator " + decorator
                            + " returned null; return the given Runnable or a wrapper of it");
        }

        private void run() {
            Attempt now = attempt;
            if (now == null) {
                throw new IllegalStateException(
                        "A task decorator ran the task after its own Runnable had returned; run the task before it returns");
            }
            now.run();
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // the attempt returns what the task does
        public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
            Attempt now = new Attempt(task);
            attempt = now;
            try {
                decorated.run();
            } catch (Throwable ex) {
                now.decoratorThrew(ex);
            } finally {
                attempt = null;
            }
            return (R) now.outcome();
        }
    }

    /** One time that a task runs, or the last time if the decorator runs it more than once. */
    private static final class Attempt {

        private final Callable<?> task;

        private @Nullable Object result;

        private @Nullable Throwable failure;

        Attempt(Callable<?> task) {
            this.task = task;
        }

        void run() {
            result = null;
            failure = null;
            try {
                result = task.call();
            } catch (Throwable ex) {
                failure = ex;
                Attempt.<RuntimeException>sneak(ex);
            }
        }

        /** The failure of the task comes before what the decorator made of it. */
        void decoratorThrew(Throwable thrown) {
            Throwable original = failure;
            if (original == null) {
                failure = thrown;
            } else if (thrown != original && thrown.getCause() != original) {
                original.addSuppressed(thrown);
            }
        }

        @Nullable
        Object outcome() {
            if (failure != null) {
                Attempt.<RuntimeException>sneak(failure);
            }
            return result;
        }

        @SuppressWarnings("unchecked") // so that a checked exception passes a Runnable as it is
        private static <E extends Throwable> void sneak(Throwable ex) throws E {
            throw (E) ex;
        }
    }
}
