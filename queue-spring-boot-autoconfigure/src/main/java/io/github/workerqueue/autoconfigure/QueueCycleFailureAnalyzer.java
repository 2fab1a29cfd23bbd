package io.github.workerqueue.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Failure analyzer for a cycle through the builder of the queue factory, for example of an exception handler that needs
 * the factory.
 */
@Order(0)
class QueueCycleFailureAnalyzer extends AbstractFailureAnalyzer<BeanCurrentlyInCreationException> {

    private static final String BUILDER = "queueFactoryBuilder";

    private static final String QUEUES = "queue.instances.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BeanCurrentlyInCreationException cause) {
        List<String> cycle = cycle(rootFailure);
        int builder = cycle.indexOf(BUILDER);
        if (builder < 0) {
            return null;
        }
        int user = builder - 2; // the factory precedes the builder
        while (at(cycle, user).startsWith(QUEUES)) {
            user--;
        }
        String bean = at(cycle, user);
        return new FailureAnalysis(
                "The queue factory needs the bean '" + bean + "' while it is built, and '" + bean
                        + "' needs the factory or one of its queues: " + String.join(" -> ", cycle) + " -> "
                        + cycle.get(0) + ".",
                "Inject ObjectProvider<QueueFactory> into '" + bean
                        + "', and call getObject() only when a queue is needed."
                        + " Inject a queue in the same way,"
                        + " as @Qualifier(\"riot\") ObjectProvider<WorkerQueue<Match>>.",
                cause);
    }

    /** Returns the cycle, in which each bean needs the next, and the last bean the first; empty if there is none. */
    private static List<String> cycle(Throwable failure) {
        List<String> names = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BeanCreationException creation && creation.getBeanName() != null) {
                String name = creation.getBeanName();
                int start = names.indexOf(name);
                if (start >= 0 && start < names.size() - 1) {
                    return names.subList(start, names.size());
                }
                if (start < 0) {
                    names.add(name);
                }
            }
        }
        return List.of();
    }

    private static String at(List<String> cycle, int index) {
        return cycle.get(Math.floorMod(index, cycle.size()));
    }
}
