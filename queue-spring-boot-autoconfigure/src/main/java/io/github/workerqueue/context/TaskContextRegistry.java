package io.github.workerqueue.context;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.util.ArrayList;
import java.util.List;

/** Registry with the current accessors of the global registry, and with one for the MDC unless that has one. */
final class TaskContextRegistry extends ContextRegistry {

    private static final ThreadLocalAccessor<?> MDC = new Slf4jThreadLocalAccessor();

    @Override
    public List<ThreadLocalAccessor<?>> getThreadLocalAccessors() {
        List<ThreadLocalAccessor<?>> registered = ContextRegistry.getInstance().getThreadLocalAccessors();
        List<ThreadLocalAccessor<?>> accessors = new ArrayList<>(registered.size() + 1);
        accessors.addAll(registered);
        if (accessors.stream().noneMatch(accessor -> accessor.key().equals(Slf4jThreadLocalAccessor.KEY))) {
            accessors.add(MDC);
        }
        return accessors;
    }
}
