package io.github.workerqueue;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A task with a name of its own.
 *
 * @param body what it does
 * @param source whose {@code toString()} is the name; the options that give one
 */
record NamedTask(
        Callable<? extends @Nullable Object> body, @Nullable Object source) implements Callable<@Nullable Object> {

    /** Index of a task that has none yet. */
    static final long NO_INDEX = -1;

    /** Classes whose {@code toString()} does not name a task. */
    private static final Set<Class<?>> NAMELESS = Set.of(Object.class, FutureTask.class);

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

    /** A task that runs in place of another and keeps its name; the same where it needs no other. */
    @SuppressWarnings("unchecked") // it returns what the task does
    static <R extends @Nullable Object> Callable<? extends R> keepingName(
            Callable<? extends R> task, @Nullable Object source) {
        return task == source ? task : (Callable<? extends R>) (Callable<?>) new NamedTask(task, source);
    }

    /**
     * Returns the name of a task for reports: the {@code toString()} of its source, cut and escaped; class@hash if that
     * throws; the class of a lambda and its kind.
     */
    static String nameOf(@Nullable Object task) {
        return nameOf(task, NO_INDEX);
    }

    /** Returns the name in the same way, but a lambda and its kind are called "task 17" by their index. */
    static String nameOf(@Nullable Object task, long index) {
        Object source = sourceOf(task);
        if (givenName(source) == null && !isNameless(source)) {
            try {
                return Names.shown(String.valueOf((Object) String.valueOf(source))); // a toString() may return null
            } catch (Throwable ex) {
                // the class is its name
            }
        }
        return nameWithoutCall(source, index);
    }

    /** Returns the name after the word task, in quotes unless it is made of the index. */
    static String quotedNameOf(@Nullable Object task, long index) {
        String name = nameOf(task, index);
        return name.equals("task " + index) ? name : "task '" + name + "'";
    }

    /** Returns the name of a task whose {@code toString()} throws, has not returned, or says nothing. */
    static String nameWithoutCall(@Nullable Object source, long index) {
        String given = givenName(source);
        if (given != null || source == null) {
            return Names.shown(String.valueOf(given));
        }
        String type = source.getClass().getName();
        if (!isNameless(source)) {
            return Names.shown(type + "@" + Integer.toHexString(System.identityHashCode(source)));
        }
        return index == NO_INDEX ? Names.shown(type) : "task " + index;
    }

    /**
     * Whether the {@code toString()} of a task says nothing of it: that of a lambda, of a method reference, and of a
     * future that the JDK or Spring has made of another task.
     */
    private static boolean isNameless(@Nullable Object source) {
        if (source == null) {
            return false;
        }
        Class<?> type = source.getClass();
        boolean generated =
                type.isHidden() || type.isSynthetic() || source instanceof CompletableFuture.AsynchronousCompletionTask;
        return (generated || source instanceof FutureTask) && NAMELESS.contains(declaresToString(type));
    }

    private static Class<?> declaresToString(Class<?> type) {
        try {
            return type.getMethod("toString").getDeclaringClass();
        } catch (NoSuchMethodException | LinkageError ex) { // another of its methods has a missing type
            return type;
        }
    }

    /** The name, if it was given in options. */
    static @Nullable String givenName(@Nullable Object source) {
        return source instanceof TaskOptions options ? options.name() : null;
    }

    /** What the user gave, whose {@code toString()} is the name of a task. */
    static @Nullable Object sourceOf(@Nullable Object task) {
        Object given = task instanceof QueuedTask job ? job.source() : task;
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
