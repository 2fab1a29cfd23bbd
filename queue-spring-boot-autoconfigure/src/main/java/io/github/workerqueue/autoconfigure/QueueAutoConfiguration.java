package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RetryAfterResolver;
import io.github.workerqueue.TaskInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;
import org.springframework.util.StringUtils;

/**
 * {@link AutoConfiguration Auto-configuration} for worker queues.
 *
 * @since 0.1
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "queue.enabled", matchIfMissing = true)
@EnableConfigurationProperties(QueueProperties.class)
@ImportRuntimeHints(QueueRuntimeHints.class)
public final class QueueAutoConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(QueueFactory.class);

    /** Types whose unused beans have been reported, if there were any. */
    private final Set<Class<?>> reported = ConcurrentHashMap.newKeySet();

    QueueAutoConfiguration() {}

    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean(value = QueueFactory.class, search = SearchStrategy.CURRENT)
    @Conditional(OnOwnFactoryCondition.class)
    QueueFactory queueFactory(ConfigurableListableBeanFactory beans, Environment environment) {
        ParentFactory parent = ParentFactory.of(beans);
        if (parent != null) {
            List<String> differences = parent.differences(beans, environment);
            parent.requireAutoConfigured(differences);
            logger.info(
                    "This context has a QueueFactory of its own, since it differs from its parent in {}", differences);
        }
        return beans.getBean(QueueFactory.Builder.class).build();
    }

    @Bean
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Conditional(OnOwnFactoryCondition.class)
    QueueFactory.Builder queueFactoryBuilder(
            QueueProperties properties,
            Environment environment,
            ListableBeanFactory beans,
            ObjectProvider<QueueListener> listeners,
            QueueInterceptors interceptors) {
        requireNotNegative(properties.getShutdown().getAwaitTerminationPeriod());
        QueueSettings builtIn = QueueSettings.defaults()
                .withVirtualThreads(Threading.VIRTUAL.isActive(environment))
                .withInterceptors(interceptors.others())
                .withRetryAfterResolver(retryAfterResolver(beans));
        QueueExceptionHandler exceptionHandler = exceptionHandler(beans, properties);
        if (exceptionHandler != null) {
            builtIn = builtIn.withExceptionHandler(exceptionHandler);
        }
        AbandonedTaskHandler abandonedTaskHandler = only(beans, AbandonedTaskHandler.class, "Mark one as @Primary.");
        if (abandonedTaskHandler != null) {
            builtIn = builtIn.withAbandonedTaskHandler(abandonedTaskHandler);
        }
        QueueSettingsMapper mapper = new QueueSettingsMapper(beans, interceptors);
        QueueSettings defaults = mapper.defaults(builtIn, properties);
        QueueFactory.Builder builder =
                QueueFactory.builder().defaults(defaults).strictNames(properties.isStrictNames());
        properties
                .getInstances()
                .forEach((name, instance) ->
                        builder.instance(name, mapper.instance(defaults, properties, name, instance)));
        listeners(beans, listeners).forEach(builder::listener);
        return builder;
    }

    private @Nullable QueueExceptionHandler exceptionHandler(ListableBeanFactory beans, QueueProperties properties) {
        return StringUtils.hasText(properties.getExceptionHandler())
                ? null
                : only(
                        beans,
                        QueueExceptionHandler.class,
                        "Select one with queue.exception-handler, or mark one as @Primary.");
    }

    /** Returns the only or primary bean. Warns once per type, since a builder may be created at any time. */
    private <B> @Nullable B only(ListableBeanFactory beans, Class<B> type, String advice) {
        OnlyBean<B> only = OnlyBean.of(beans, type);
        if (only.bean() == null && reported.add(type)) {
            only.warnIfUnused(advice);
        }
        return only.bean();
    }

    private static Stream<QueueListener> listeners(ListableBeanFactory beans, ObjectProvider<QueueListener> listeners) {
        ParentFactory parent = ParentFactory.of(beans);
        Set<QueueListener> others = Collections.newSetFromMap(new IdentityHashMap<>());
        if (parent != null) {
            parent.ownListeners().forEach(others::add);
        }
        return listeners.orderedStream().filter(listener -> !others.contains(listener));
    }

    @Bean
    QueueInterceptors queueInterceptors(
            ObjectProvider<QueueContextPropagation> context,
            ObjectProvider<TaskInterceptor> interceptors,
            ObjectProvider<TaskDecorator> decorators) {
        List<TaskInterceptor> others = Stream.concat(
                        interceptors.orderedStream(),
                        DecoratorInterceptor.of(decorators.orderedStream().toList()))
                .toList();
        return new QueueInterceptors(context.getIfAvailable(), others);
    }

    @Bean
    static QueueShutdown queueShutdown(ConfigurableApplicationContext context) {
        return new QueueShutdown(context);
    }

    @Bean
    static QueueKeyCheck queueKeyCheck(Environment environment) {
        return new QueueKeyCheck(environment);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static EmptyGroupAdvisor queueEmptyGroupAdvisor() {
        return new EmptyGroupAdvisor();
    }

    @Bean
    static QueueBeanRegistrar queueBeanRegistrar(Environment environment) {
        return new QueueBeanRegistrar(environment);
    }

    @Bean
    static AsyncMethodPostProcessor queueAsyncMethodPostProcessor() {
        return new AsyncMethodPostProcessor();
    }

    /** Returns a resolver that tries the resolvers of the application first. */
    private static RetryAfterResolver retryAfterResolver(ListableBeanFactory beans) {
        List<RetryAfterResolver> resolvers = new ArrayList<>();
        beans.getBeanProvider(RetryAfterResolver.class).orderedStream().forEach(resolvers::add);
        resolvers.add(QueueSettings.defaults().retryAfterResolver());
        beans.getBeanProvider(QueueHttpClient.class).stream()
                .map(QueueHttpClient::resolver)
                .forEach(resolvers::add);
        return RetryAfterResolver.firstOf(resolvers);
    }

    private static void requireNotNegative(Duration period) {
        if (period.isNegative()) {
            throw new InvalidConfigurationPropertyValueException(
                    "queue.shutdown.await-termination-period", period, "Must be zero or positive.");
        }
    }
}
