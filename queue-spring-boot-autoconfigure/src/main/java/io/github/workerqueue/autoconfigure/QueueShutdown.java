package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;

/**
 * Graceful shutdown of a context: it closes all factories, queues and executor views among the beans together, within
 * one grace period. The shutdown follows the last web request, which may still put. It precedes the stop of the web
 * server, the shutdown of other executors, and the destruction of the beans that tasks use.
 *
 * <p>Queues accept tasks from their creation on, also while the context is stopped without being closed, such as a
 * cached test context.
 */
class QueueShutdown
        implements BeanDefinitionRegistryPostProcessor,
                Ordered,
                SmartLifecycle,
                GenericApplicationListener,
                DisposableBean {

    /*
     * Spring calls different methods for a context that is closed, for a context that fails to start, and for beans
     * created before the bean post-processors are registered. This bean is therefore created with the first
     * post-processors of the bean factory, adds a post-processor of beans, and closes everything at the first call:
     *
     *   closed context, in the phase of the queues                      -> stop()
     *   failed start, before the close() without a timeout of a bean    -> postProcessBeforeDestruction()
     *   failed start, if no post-processor has seen the beans           -> destroy()
     *   exit of the JVM during the start, or a bean that never stops    -> ShutdownTrigger
     *
     * The grace period begins with the first call. Later calls, such as Spring's close() of a bean, find everything
     * closed, or use the rest of the period. A context that closes its children drains after them, and they all share
     * one period.
     *
     * The shutdown includes all singletons, however they were created. Prototypes, scoped beans and products of factory
     * beans are recorded at their creation, in weak references.
     */

    /** Phase between the graceful shutdown of the web server and its stop. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024 - 512;

    private static final String BEAN_NAME = "queueShutdown";

    private static final String PERIOD = "queue.shutdown.await-termination-period";

    private final ConfigurableApplicationContext context;

    private final ShutdownTrigger trigger;

    /** Beans seen at their creation, which may not be singletons. */
    private final Set<Object> created = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile boolean running = true;

    private volatile boolean refreshed;

    /** Nanoseconds that the child contexts closed by this context have spent draining their queues. */
    private final AtomicLong spentByChildren = new AtomicLong();

    /** Start of the grace period, by {@code System.nanoTime()}. Guarded by {@code this}. */
    private @Nullable Long began;

    QueueShutdown(ConfigurableApplicationContext context) {
        this.context = context;
        this.trigger = new ShutdownTrigger(context, this::closeAll);
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        ((ConfigurableListableBeanFactory) registry).addBeanPostProcessor(new CreatedBeans());
    }

    /** Returns an order before the post-processors without one, which may create a factory. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    /** Whether a bean may be a factory, a queue or an executor view. */
    private static boolean isCloseable(Object bean) {
        return bean instanceof QueueFactory || bean instanceof WorkerQueue || bean instanceof ExecutorService;
    }

    /**
     * Whether the event is an event of a context. Spring keeps the event types of listeners without this method, and so
     * their class loader, in a static cache.
     */
    @Override
    public boolean supportsEventType(ResolvableType type) {
        return ApplicationContextEvent.class.isAssignableFrom(type.toClass());
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event.getSource() != context) {
            return;
        }
        if (event instanceof ContextRefreshedEvent) {
            refreshed = true;
            trigger.started();
        } else if (event instanceof ContextClosedEvent) {
            trigger.watchStop();
        }
    }

    @Override
    public void start() {}

    @Override
    public void stop() {
        if (context.isClosed()) {
            running = false;
            trigger.stopped();
            closeAll();
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

    @Override
    public void destroy() {
        trigger.started();
        trigger.stopped();
        closeAll();
    }

    private void closeAll() {
        Duration remaining = left();
        Set<Object> objects = Collections.newSetFromMap(new IdentityHashMap<>());
        Collections.addAll(objects, created.toArray());
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        for (String name : beans.getSingletonNames()) {
            Object singleton = beans.getSingleton(name);
            if (singleton != null && isCloseable(singleton)) {
                objects.add(singleton);
            }
        }
        long start = System.nanoTime();
        QueueFactory.closeAll(objects, remaining);
        QueueShutdown outermost = outermost();
        if (outermost != this) {
            outermost.spentByChildren.addAndGet(System.nanoTime() - start);
        }
    }

    /** Returns the shutdown of the outermost closed ancestor, which closes this context; otherwise this object. */
    private QueueShutdown outermost() {
        QueueShutdown outermost = this;
        ApplicationContext at = context.getParent();
        while (at instanceof ConfigurableApplicationContext ancestor && ancestor.isClosed()) {
            if (ancestor.getBeanFactory().getSingleton(BEAN_NAME) instanceof QueueShutdown shutdown) {
                outermost = shutdown;
            }
            at = ancestor.getParent();
        }
        return outermost;
    }

    private synchronized boolean isFirst() {
        return began == null;
    }

    /** Returns the rest of the grace period, which begins with the first call. */
    private synchronized Duration left() {
        long now = System.nanoTime();
        if (began == null) {
            began = now;
        }
        Duration remaining = period().minusNanos(now - began)
                .minusNanos(outermost().spentByChildren.get());
        return remaining.isNegative() ? Duration.ZERO : remaining;
    }

    /** Returns the grace period, read from the environment, since a context that fails to start may lack the beans. */
    private Duration period() {
        try {
            return Binder.get(context.getEnvironment())
                    .bind(PERIOD, Duration.class)
                    .orElseGet(new QueueProperties.Shutdown()::getAwaitTerminationPeriod);
        } catch (BindException ex) {
            return new QueueProperties.Shutdown().getAwaitTerminationPeriod();
        }
    }

    /**
     * Post-processor that observes the creation and destruction of beans. It is not a bean itself: Spring would count
     * it twice, and warn of each bean that not all post-processors have seen.
     */
    private final class CreatedBeans implements DestructionAwareBeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            if (isCloseable(bean)) {
                created.add(bean);
                if (!refreshed) {
                    trigger.watchStart();
                }
            }
            return bean;
        }

        @Override
        public boolean requiresDestruction(Object bean) {
            return isCloseable(bean);
        }

        @Override
        public void postProcessBeforeDestruction(Object bean, String beanName) {
            if (refreshed && !context.isClosed()) {
                QueueFactory.closeAll(List.of(bean), period());
            } else if (isFirst()) {
                closeAll();
            } else {
                QueueFactory.closeAll(List.of(bean), left());
            }
            created.remove(bean);
        }
    }
}
