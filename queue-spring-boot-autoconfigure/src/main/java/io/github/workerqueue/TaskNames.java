package io.github.workerqueue;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Names of tasks, as failures, reports and log lines show them. The source of a name is the {@link TaskOptions} that
 * give it, or else the item or the task of the user.
 */
final class TaskNames {

    /** Index of a task that has none yet. */
    static final long NO_INDEX = -1;

    /** Classes whose {@code toString()} does not name a task. */
    private static final Set<Class<?>> NAMELESS = Set.of(Object.class, FutureTask.class);

    private TaskNames() {}

    /**
     * Returns the name of a task: the {@code toString()} of its source, cut and escaped. If that method throws, the
     * name is class@hash. For a lambda or another source without a {@code toString()}, it is the class.
     */
    static String nameOf(@Nullable Object source) {
        return nameOf(source, NO_INDEX);
    }

    /**
     * Returns the name in the same way, but a source without a {@code toString()} gets the name "task 17" after its
     * index.
     */
    static String nameOf(@Nullable Object source, long index) {
        if (givenName(source) == null && !isNameless(source)) {
            try {
                return Names.printable(String.valueOf((Object) String.valueOf(source))); // a toString() may return null
            } catch (Throwable ex) {
                // the name is class@hash
            }
        }
        return nameWithoutCall(source, index);
    }

    /** Returns the name after the word "task", in quotes; only the name if it is made of the index. */
    static String quotedNameOf(@Nullable Object source, long index) {
        String name = nameOf(source, index);
        return isIndexed(name, index) ? name : "task '" + name + "'";
    }

    /** Returns the index and the name of a task; only the index if the name is made of it. */
    static String withIndex(long index, String name) {
        return isIndexed(name, index) ? name : indexedName(index) + " '" + name + "'";
    }

    private static boolean isIndexed(String name, long index) {
        return name.equals(indexedName(index));
    }

    private static String indexedName(long index) {
        return "task " + index;
    }

    /** Returns the name of a task without a call of its {@code toString()}, which has thrown or has not returned. */
    static String nameWithoutCall(@Nullable Object source, long index) {
        String given = givenName(source);
        if (given != null || source == null) {
            return Names.printable(String.valueOf(given));
        }
        String type = source.getClass().getName();
        if (!isNameless(source)) {
            return Names.printable(type + "@" + Integer.toHexString(System.identityHashCode(source)));
        }
        return index == NO_INDEX ? Names.printable(type) : indexedName(index);
    }

    /**
     * Whether the class of a source has no {@code toString()} of its own: a lambda, a method reference, or a future
     * that the JDK or Spring has created for another task.
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

    /** Returns the name that the options give; null if there is none. */
    static @Nullable String givenName(@Nullable Object source) {
        return source instanceof TaskOptions options ? options.name() : null;
    }
}
