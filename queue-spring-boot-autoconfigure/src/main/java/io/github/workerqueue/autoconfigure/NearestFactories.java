package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * The factories among the singletons of the nearest context that has any, looked up in each iteration: those of the context
 * itself, else those of its parent.
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
