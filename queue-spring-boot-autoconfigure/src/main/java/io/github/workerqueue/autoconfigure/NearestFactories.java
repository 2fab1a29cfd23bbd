package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Singleton factories of the context, or else of its nearest ancestor that has any. Each iteration looks them up.
 *
 * @param beans the beans of the context
 */
record NearestFactories(ListableBeanFactory beans) implements Iterable<QueueFactory> {

    @Override
    public Iterator<QueueFactory> iterator() {
        for (@Nullable ListableBeanFactory at = beans; at != null; at = ParentFactory.parent(at)) {
            Collection<QueueFactory> factories =
                    at.getBeansOfType(QueueFactory.class, false, true).values();
            if (!factories.isEmpty()) {
                return factories.iterator();
            }
        }
        return List.<QueueFactory>of().iterator();
    }
}
