package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Registers, for each name under {@code queue.instances}, a queue and an executor that puts into it, to be injected by that name
 * as their qualifier and by nothing else. The queue is opened when it is first injected or put into.
 */
class QueueBeanRegistrar implements BeanDefinitionRegistryPostProcessor {

    /*
     * It comes after all configuration classes, so that it sees what the application declares itself, and so that no condition
     * of an auto-configuration sees what is registered here.
     *
     * Ahead of time it runs twice, at build time and again at run time. What it registers at build time is not written down:
     * the names are those of the environment at run time.
     */

    private static final String PREFIX = "queue.instances";

    private final Environment environment;

    QueueBeanRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        ConfigurableListableBeanFactory beans = (ConfigurableListableBeanFactory) registry;
        boolean ownFactory = beans.getBeanNamesForType(QueueFactory.class, true, false).length > 0;
        for (String name : names(environment)) {
            String queue = PREFIX + "." + name;
            if (!isDeclared(beans, WorkerQueue.class, name, ownFactory ? queue : "")) {
                register(registry, queue, name, WorkerQueue.class, () -> queue(beans, name));
            }
            String executor = queue + ".executor";
            if (!isDeclared(beans, Executor.class, name, ownFactory ? executor : "")) {
                register(registry, executor, name, Executor.class, () -> executor(beans, name));
            }
        }
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {}

    /** Returns the names under {@code queue.instances}. */
    static Set<String> names(Environment environment) {
        return Binder.get(environment)
                .bind(
                        PREFIX,
                        Bindable.mapOf(String.class, Object.class),
                        new EmptyGroupAdvisor().apply(BindHandler.DEFAULT))
                .orElseGet(Map::of)
                .keySet();
    }

    /** A bean of a parent context is no declaration if it is the one that is to be replaced here. */
    private static boolean isDeclared(
            ConfigurableListableBeanFactory beans, Class<?> type, String qualifier, String replaced) {
        return Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false))
                .filter(bean -> !bean.equals(replaced) || beans.containsLocalBean(bean))
                .anyMatch(bean -> BeanFactoryAnnotationUtils.isQualifierMatch(qualifier::equals, bean, beans));
    }

    private static <B> void register(
            BeanDefinitionRegistry registry, String beanName, String qualifier, Class<B> type, Supplier<B> supplier) {
        RootBeanDefinition definition = new RootBeanDefinition(type, supplier);
        definition.setLazyInit(true);
        definition.setDefaultCandidate(false);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, qualifier));
        definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
        registry.registerBeanDefinition(beanName, definition);
    }

    private static WorkerQueue<?> queue(ConfigurableListableBeanFactory beans, String name) {
        WorkerQueue<?> queue = beans.getBean(QueueFactory.class).open(name);
        if (queue == null) { // from a mock
            throw new QueueConfigurationException(
                    "The QueueFactory bean returned null for queue '" + name + "', as an unstubbed mock does.",
                    "Stub open(\"" + name
                            + "\") before the context starts, mock the queue instead of the factory, or import"
                            + " TestQueueConfiguration, whose queues run tasks in the calling thread.");
        }
        return queue;
    }

    /** Opens nothing itself, as some look through all executors. */
    private static Executor executor(ConfigurableListableBeanFactory beans, String name) {
        return new QueueTaskExecutor(
                name,
                SingletonSupplier.of(
                        () -> BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, WorkerQueue.class, name)
                                .asExecutorService()));
    }
}
