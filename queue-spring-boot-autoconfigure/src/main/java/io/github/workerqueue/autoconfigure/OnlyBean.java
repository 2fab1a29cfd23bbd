package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Only or primary bean of a type, in the nearest context that has one.
 *
 * @param type the type of the bean
 * @param bean the bean; null if none exists, or several exist and none is primary
 * @param unused the names of the beans if several exist and none is primary
 * @param <B> the type of the bean
 */
record OnlyBean<B>(Class<B> type, @Nullable B bean, List<String> unused) {

    private static final Logger logger = LoggerFactory.getLogger(QueueFactory.class);

    static <B> OnlyBean<B> of(ListableBeanFactory beans, Class<B> type) {
        B bean = beans.getBeanProvider(type).getIfUnique();
        return new OnlyBean<>(type, bean, bean == null ? names(beans, type) : List.of());
    }

    private static List<String> names(ListableBeanFactory beans, Class<?> type) {
        List<String> names = List.of(beans.getBeanNamesForType(type));
        ListableBeanFactory parent = ParentFactory.parent(beans);
        return names.isEmpty() && parent != null ? names(parent, type) : names;
    }

    /** Logs the names of the beans that are not used, and the way to select one. */
    OnlyBean<B> warnIfUnused(String advice) {
        if (!unused.isEmpty()) {
            logger.warn(
                    "Several {} beans exist, but none is primary, so none of them is the default: {}. {}",
                    type.getSimpleName(),
                    unused.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")),
                    advice);
        }
        return this;
    }
}
