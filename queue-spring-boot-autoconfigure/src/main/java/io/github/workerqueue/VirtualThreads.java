package io.github.workerqueue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Access to the virtual threads of Java 21 and later from code that is compiled for Java 17. */
final class VirtualThreads {

    private static final @Nullable ThreadFactory UNNAMED = createUnnamed();

    private VirtualThreads() {}

    /** Returns a factory of virtual threads of one name that inherit no thread locals. */
    static ThreadFactory factory(String name) {
        ThreadFactory unnamed = UNNAMED;
        if (unnamed == null) {
            throw new IllegalStateException("Virtual threads need Java 21 or later");
        }
        return work -> {
            Thread thread = unnamed.newThread(work);
            thread.setName(name);
            return thread;
        };
    }

    private static @Nullable ThreadFactory createUnnamed() {
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodHandle make = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
            MethodHandle bare = lookup.findVirtual(
                    builder, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            return (ThreadFactory) factory.invoke(bare.invoke(make.invoke(), false));
        } catch (ReflectiveOperationException ex) {
            return null;
        } catch (Throwable ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }
}
