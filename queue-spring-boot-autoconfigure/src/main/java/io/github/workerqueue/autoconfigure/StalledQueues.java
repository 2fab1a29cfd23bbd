package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.event.StallWatchdog;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.LongPredicate;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Stalled queues of a context and its descendants, by ID. Each context with a factory of its own has its own watchdog,
 * but the meters of all contexts are those of the topmost one. A context publishes the end of its start to its
 * ancestors, too.
 */
final class StalledQueues implements LongPredicate, ApplicationListener<ContextRefreshedEvent> {

    /** Weak references, since a context may be closed before its parent. */
    private final Set<StallWatchdog> watchdogs =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        watchdogs.addAll(event.getApplicationContext()
                .getBeansOfType(StallWatchdog.class, false, false)
                .values());
    }

    @Override
    public boolean test(long id) {
        synchronized (watchdogs) {
            return watchdogs.stream().anyMatch(watchdog -> watchdog.isStalled(id));
        }
    }
}
