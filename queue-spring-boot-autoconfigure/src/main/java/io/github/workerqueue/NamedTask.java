package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task with a name of its own.
 *
 * @param body what it does
 * @param source whose {@code toString()} is the name; the options that give one
 */
record NamedTask(
        Callable<? extends @Nullable Object> body, @Nullable Object source) implements Callable<@Nullable Object> {

    static <S extends @Nullable Object> NamedTask mapping(S item, TaskFunction<? super S, ?> function) {
        return new NamedTask(() -> function.apply(item), item);
    }

    static <S extends @Nullable Object> NamedTask consuming(S item, TaskConsumer<? super S> consumer) {
        return new NamedTask(
                () -> {
                    consumer.accept(item);
                    return null;
                },
                item);
    }

    static NamedTask acting(TaskAction action) {
        Objects.requireNonNull(action, "The task is null: give what it is to do");
        return new NamedTask(
                () -> {
                    action.run();
                    return null;
                },
                action);
    }

    /** A task that runs in place of another and keeps its name; the same where it needs no other. */
    @SuppressWarnings("unchecked") // it returns what the task does
    static <R extends @Nullable Object> Callable<? extends R> named(
            Callable<? extends R> task, @Nullable Object source) {
        return task == source ? task : (Callable<? extends R>) (Callable<?>) new NamedTask(task, source);
    }

    /** The name of a task for reports: the {@code toString()} of its source, cut and escaped; class@hash if that throws. */
    static String nameOf(@Nullable Object task) {
        Object source = sourceOf(task);
        String name;
        try {
            String given = givenName(source);
            name = given != null
                    ? given
                    : String.valueOf((Object) String.valueOf(source)); // a toString() may return null
        } catch (Throwable ex) {
            name = nameWithoutCall(source);
        }
        return Names.shown(name);
    }

    /** The name of a task whose {@code toString()} throws, or has not returned. */
    static String nameWithoutCall(@Nullable Object source) {
        String given = givenName(source);
        if (given != null) {
            return Names.shown(given);
        }
        return source == null
                ? "null"
                : source.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(source));
    }

    /** The name, if it was given in options. */
    static @Nullable String givenName(@Nullable Object source) {
        return source instanceof TaskOptions options ? options.name() : null;
    }

    /** What the user gave, whose {@code toString()} is the name of a task. */
    static @Nullable Object sourceOf(@Nullable Object task) {
        Object given = task instanceof Job job ? job.source() : task;
        return given instanceof NamedTask named ? named.source : given;
    }

    @Override
    public @Nullable Object call() throws Exception {
        return body.call();
    }

    @Override
    public String toString() {
        String given = givenName(source);
        return given != null ? given : String.valueOf(source);
    }
}
