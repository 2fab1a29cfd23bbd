package io.github.workerqueue;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/** The virtual threads of Java 21 and later, for code that is compiled for Java 17. */
final class VirtualThreads {

    private VirtualThreads() {}

    /** Makes virtual threads of one name that inherit no thread locals. */
    static ThreadFactory factory(String name) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            builder = invoke(type.getMethod("name", String.class), builder, name);
            builder = invoke(type.getMethod("inheritInheritableThreadLocals", boolean.class), builder, false);
            return (ThreadFactory) invoke(type.getMethod("factory"), builder);
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException("Virtual threads need Java 21 or later", ex);
        }
    }

    private static Object invoke(Method method, Object target, Object... arguments)
            throws ReflectiveOperationException {
        return Objects.requireNonNull(method.invoke(target, arguments));
    }
}
