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
 * Registrar of a queue, and an executor that puts into it, for each name under {@code queue.instances}. Both are
 * injected only with this name as the qualifier. The queue is opened at its first injection or put.
 */
class QueueBeanRegistrar implements BeanDefinitionRegistryPostProcessor {

    /*
     * The registrar runs after all configuration classes. It therefore sees the declarations of the application, and no
     * condition of an auto-configuration sees its beans.
     *
     * With ahead-of-time processing, the registrar runs both at build time and at run time. The generated code omits
     * its bean definitions, since the names depend on the environment at run time.
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

    /** Whether a bean of this type and qualifier is declared, apart from a bean of a parent context to be replaced. */
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
        if (queue == null) { // the factory is a mock
            throw new QueueConfigurationException(
                    "The QueueFactory bean returned null for queue '" + name + "', as an unstubbed mock does.",
                    "Stub open(\"" + name
                            + "\") before the context starts, mock the queue instead of the factory, or import"
                            + " TestQueueConfiguration, whose queues run tasks in the calling thread.");
        }
        return queue;
    }

    /** Returns an executor that opens the queue with its first task, since some beans iterate over all executors. */
    private static Executor executor(ConfigurableListableBeanFactory beans, String name) {
        return new QueueTaskExecutor(
                name,
                SingletonSupplier.of(
                        () -> BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, WorkerQueue.class, name)
                                .asExecutorService()));
    }
}
