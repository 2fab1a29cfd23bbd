package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Task with a name of its own.
 *
 * @param body the code of the task
 * @param source the object whose {@code toString()} is the name, or the options with a given name
 */
record NamedTask(
        Callable<? extends @Nullable Object> body, @Nullable Object source) implements Callable<@Nullable Object> {

    static <S extends @Nullable Object> NamedTask ofFunction(S item, TaskFunction<? super S, ?> function) {
        return new NamedTask(() -> function.apply(item), item);
    }

    static <S extends @Nullable Object> NamedTask ofConsumer(S item, TaskConsumer<? super S> consumer) {
        return new NamedTask(
                () -> {
                    consumer.accept(item);
                    return null;
                },
                item);
    }

    static NamedTask ofAction(TaskAction action) {
        Objects.requireNonNull(action, "task must not be null");
        return new NamedTask(
                () -> {
                    action.run();
                    return null;
                },
                action);
    }

    /** Returns a task that is named after a source; the given task if it is the source. */
    @SuppressWarnings("unchecked") // the result is that of the task
    static <R extends @Nullable Object> Callable<? extends R> keepingName(
            Callable<? extends R> task, @Nullable Object source) {
        return task == source ? task : (Callable<? extends R>) (Callable<?>) new NamedTask(task, source);
    }

    @Override
    public @Nullable Object call() throws Exception {
        return body.call();
    }

    @Override
    public String toString() {
        String given = TaskNames.givenName(source);
        return given != null ? given : String.valueOf(source);
    }
}
