package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.autoconfigure.QueueInstanceProperties.Rate;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Reflection hints for native images: for virtual threads, whose methods code for Java 17 finds by their names, and for
 * the short form of rate limits.
 */
class QueueRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        register(hints, "java.lang.Thread", "ofVirtual");
        register(hints, "java.lang.Thread$Builder", "factory");
        register(hints, "java.lang.Thread$Builder$OfVirtual", "inheritInheritableThreadLocals", boolean.class);
        register(hints, Rate.class.getName(), "of", String.class);
    }

    private static void register(RuntimeHints hints, String type, String method, Class<?>... parameters) {
        hints.reflection()
                .registerType(
                        TypeReference.of(type),
                        hint -> hint.withMethod(method, TypeReference.listOf(parameters), ExecutableMode.INVOKE));
    }
}
