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
 * Closes all factories, queues and executor views among the beans of a context together when the context ends, within
 * one grace period. This happens after the last web request, which may still put, and before the web server is stopped,
 * other executors are shut down and the beans that tasks use are destroyed.
 *
 * <p>Queues accept tasks from their creation on. They continue in a context that is stopped without being closed, such
 * as a cached test context.
 */
class QueueShutdown
        implements BeanDefinitionRegistryPostProcessor,
                Ordered,
                SmartLifecycle,
                GenericApplicationListener,
                DisposableBean {

    /*
     * Spring calls different methods for a context that is closed, for one that fails to start, and for beans that are
     * made before the bean post-processors are registered. So this bean is made with the first post-processors of the
     * bean factory, adds one of beans, and closes everything at the first of these calls:
     *
     *   stop()                          the context is closed, in the phase of the queues
     *   postProcessBeforeDestruction()  the context has failed to start, before Spring calls a close() without a time limit
     *   destroy()                       as before, if there were only beans that no post-processor has seen
     *   ShutdownTrigger                 Spring does not get that far: the JVM exits while the context starts, or another
     *                                   bean never stops
     *
     * The grace period begins with the first of them. What comes later, such as the close() that Spring calls for a
     * bean, finds everything closed, or gets what is left of the period. A context that closes its children drains after
     * them, and all of them share one period.
     *
     * All singletons are asked, however they were made. Prototypes, scoped beans and products of factory beans are
     * known from their creation on, by weak references.
     */

    /** Between the graceful shutdown of the web server and its stop. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024 - 512;

    private static final String BEAN_NAME = "queueShutdown";

    private static final String PERIOD = "queue.shutdown.await-termination-period";

    private final ConfigurableApplicationContext context;

    private final ShutdownTrigger trigger;

    /** Beans that may be none of the singletons. */
    private final Set<Object> created = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile boolean running = true;

    private volatile boolean refreshed;

    /** Nanoseconds for which child contexts that this context closes have drained their queues. */
    private final AtomicLong spentByChildren = new AtomicLong();

    /** When the grace period began, by {@code System.nanoTime()}. Guarded by this. */
    private @Nullable Long began;

    QueueShutdown(ConfigurableApplicationContext context) {
        this.context = context;
        this.trigger = new ShutdownTrigger(context, this::closeAll);
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        ((ConfigurableListableBeanFactory) registry).addBeanPostProcessor(new CreatedBeans());
    }

    /** Before the post-processors without an order, one of which may make a factory. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    /** Whether a bean may be a factory, a queue or an executor view. */
    private static boolean isCloseable(Object bean) {
        return bean instanceof QueueFactory || bean instanceof WorkerQueue || bean instanceof ExecutorService;
    }

    /** Answered here, as Spring keeps the types of other listeners, and so their class loader, in a static cache. */
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
        Duration left = left();
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
        QueueFactory.closeAll(objects, left);
        QueueShutdown outermost = outermost();
        if (outermost != this) {
            outermost.spentByChildren.addAndGet(System.nanoTime() - start);
        }
    }

    /** That of the outermost ancestor which is closed, and thus closes this context; else this. */
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

    /** The rest of the grace period, which begins with the first call. */
    private synchronized Duration left() {
        long now = System.nanoTime();
        if (began == null) {
            began = now;
        }
        Duration left = period().minusNanos(now - began)
                .minusNanos(outermost().spentByChildren.get());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** The property itself, since the beans of a context that fails to start may not be there. */
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
     * Notified about the creation and destruction of beans. Not a bean, since Spring would count it twice, and would
     * warn of each bean that not all post-processors had seen it.
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
