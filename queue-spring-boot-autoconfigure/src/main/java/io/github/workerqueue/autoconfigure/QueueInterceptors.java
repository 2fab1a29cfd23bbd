package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskInterceptor;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What surrounds the tasks of queues.
 *
 * @param context what carries the context, if that is possible
 * @param others what surrounds the tasks of all queues, the outermost first
 */
record QueueInterceptors(@Nullable QueueContext context, List<TaskInterceptor> others) {

    /** All for a queue that carries the context or not, the outermost first; the key is the one that says so. */
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
