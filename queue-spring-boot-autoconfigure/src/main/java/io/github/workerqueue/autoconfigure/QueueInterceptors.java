package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskInterceptor;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Interceptors of the tasks of queues.
 *
 * @param context the interceptor that carries the context; null without the library for it
 * @param others the interceptors of all queues, the outermost first
 */
record QueueInterceptors(@Nullable QueueContextPropagation context, List<TaskInterceptor> others) {

    /** Returns the interceptors of a queue, the outermost first. The key of the property is for the exception. */
    List<TaskInterceptor> all(String key, boolean propagateContext) {
        if (!propagateContext) {
            return others;
        }
        if (context == null) {
            throw new InvalidConfigurationPropertyValueException(
                    key,
                    true,
                    "Must be false unless io.micrometer:context-propagation is on the classpath; add this dependency.");
        }
        return Stream.concat(Stream.of(context.interceptor()), others.stream()).toList();
    }
}
