package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.RetryAfterResolver;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.board.QueueBoard;
import io.github.workerqueue.event.QueueEvents;
import io.github.workerqueue.event.StallWatchdog;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Factory of the nearest ancestor context that has one.
 *
 * @param owner the beans of that context
 * @param beanName the name of the factory
 */
record ParentFactory(ListableBeanFactory owner, String beanName) {

    private static final List<Class<?>> CUSTOMIZATIONS = List.of(
            QueueExceptionHandler.class,
            AbandonedTaskHandler.class,
            QueueListener.class,
            RetryAfterResolver.class,
            TaskInterceptor.class,
            TaskDecorator.class);

    /** Returns the factory above a context, or null if no ancestor has one. */
    static @Nullable ParentFactory of(ListableBeanFactory beans) {
        ListableBeanFactory ancestor = parent(beans);
        while (ancestor != null) {
            String[] names = ancestor.getBeanNamesForType(QueueFactory.class, true, false);
            if (names.length > 0) {
                return new ParentFactory(ancestor, names[0]);
            }
            ancestor = parent(ancestor);
        }
        return null;
    }

    /** Returns the beans of the parent context, or null if there is none. */
    static @Nullable ListableBeanFactory parent(BeanFactory beans) {
        return beans instanceof HierarchicalBeanFactory child
                        && child.getParentBeanFactory() instanceof ListableBeanFactory parent
                ? parent
                : null;
    }

    /** Returns the keys of settings that differ in a context, and the names of its beans that this factory lacks. */
    List<String> differences(ConfigurableListableBeanFactory beans, Environment environment) {
        String environmentName = ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME;
        Stream<String> keys = owner.containsBean(environmentName)
                ? QueuePropertyValues.of(environment)
                        .differences(QueuePropertyValues.of(owner.getBean(environmentName, Environment.class)))
                        .stream()
                : Stream.of();
        Stream<String> names = CUSTOMIZATIONS.stream()
                .flatMap(type -> Arrays.stream(beans.getBeanNamesForType(type, true, false)))
                .filter(name -> isOfApplication(beans, name))
                .map(name -> "bean '" + name + "'");
        return Stream.concat(keys, names).distinct().toList();
    }

    /** Throws an exception for differences if the application declares this factory, which does not apply them. */
    void requireAutoConfigured(List<String> differences) {
        AnnotationMetadata declaring = declaringClass(owner, beanName);
        boolean autoConfigured =
                declaring != null && declaring.getClassName().equals(QueueAutoConfiguration.class.getName());
        if (!autoConfigured && !differences.isEmpty()) {
            throw new IllegalStateException("The QueueFactory bean '" + beanName
                    + "' of the parent context is declared by the application, and does not apply the settings of this"
                    + " context: " + String.join(", ", differences)
                    + ". Declare a QueueFactory in this context, too, or move the settings to the parent context.");
        }
    }

    /** Returns the listeners of the other context that serve its own factory only. */
    Stream<QueueListener> ownListeners() {
        return Stream.of(QueueBoard.class, QueueEvents.class, StallWatchdog.class)
                .map(type -> owner.getBeansOfType(type, false, false).values())
                .flatMap(Collection::stream);
    }

    private static boolean isOfApplication(ListableBeanFactory beans, String name) {
        AnnotationMetadata declaring = declaringClass(beans, name);
        return declaring == null
                || (!declaring.isAnnotated(AutoConfiguration.class.getName())
                        && !declaring.getClassName().startsWith("org.springframework.boot."));
    }

    /** Returns the configuration class with the method that declares a bean; null if there is none. */
    private static @Nullable AnnotationMetadata declaringClass(ListableBeanFactory beans, String name) {
        return beans instanceof ConfigurableListableBeanFactory definitions
                        && definitions.containsBeanDefinition(name)
                        && definitions.getBeanDefinition(name) instanceof AnnotatedBeanDefinition definition
                        && definition.getFactoryMethodMetadata() != null
                ? definition.getMetadata()
                : null;
    }
}
