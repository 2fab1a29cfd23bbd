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
 * Interceptor that decorates each task on the thread of its producer, and runs the decorated task in its place.
 *
 * @param decorator the decorator
 */
record DecoratorInterceptor(TaskDecorator decorator) implements TaskInterceptor {

    /** Returns at most one interceptor, for all decorators. The last one is the outermost, as in Spring Boot. */
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

    /** Scope of one task, passed to the decorator as a {@code Runnable}. */
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
                throw new IllegalStateException("A task decorator ran the task after its own Runnable had returned; "
                        + "run the task before it returns");
            }
            now.run();
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // the outcome is the result of the task
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

    /** Attempt of a task. If the decorator runs the task more than once, the last run counts. */
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

        /** Records an exception of the decorator. A failure of the task takes precedence. */
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

        @SuppressWarnings("unchecked") // lets a checked exception pass through a Runnable
        private static <E extends Throwable> void sneak(Throwable ex) throws E {
            throw (E) ex;
        }
    }
}
