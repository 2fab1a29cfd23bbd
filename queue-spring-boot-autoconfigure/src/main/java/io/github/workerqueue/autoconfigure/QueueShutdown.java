package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Drains the queues of the factories of a context when it is closed: after the last web request, which may still put, and
 * before the web server is stopped, other executors are shut down and the beans that tasks use are destroyed.
 *
 * <p>Factories take tasks from their creation on. A context that is stopped without being closed, as cached test contexts
 * are, goes on later; so do its queues. What is destroyed in a context that never started is closed then, within the same
 * time; the close that Spring infers would wait for ever.
 */
class QueueShutdown implements SmartLifecycle, DestructionAwareBeanPostProcessor {

    /** Between the graceful shutdown of the web server and its stop. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024 - 512;

    private final ConfigurableApplicationContext context;

    private final ObjectProvider<QueueProperties> properties;

    private final Set<QueueFactory> factories = ConcurrentHashMap.newKeySet();

    private volatile boolean running = true;

    QueueShutdown(ConfigurableApplicationContext context, ObjectProvider<QueueProperties> properties) {
        this.context = context;
        this.properties = properties;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof QueueFactory factory) {
            factories.add(factory);
        }
        return bean;
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof QueueFactory || bean instanceof WorkerQueue;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        if (bean instanceof QueueFactory factory) {
            factory.close(period());
            factories.remove(factory);
        } else if (bean instanceof WorkerQueue<?> queue) {
            queue.close(period());
        }
    }

    @Override
    public void start() {}

    @Override
    public void stop() {
        if (context.isClosed()) {
            running = false;
            long start = System.nanoTime();
            factories.forEach(factory -> factory.close(period().minusNanos(System.nanoTime() - start)));
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private Duration period() {
        return properties.getObject().getShutdown().getAwaitTerminationPeriod();
    }
}
