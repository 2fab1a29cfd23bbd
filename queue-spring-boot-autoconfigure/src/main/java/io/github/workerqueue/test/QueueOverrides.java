package io.github.workerqueue.test;

import io.github.workerqueue.WorkerQueue;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.bean.override.BeanOverrideHandler;

/**
 * Context customizer factory that lets {@code @MockitoBean} and {@code @MockitoSpyBean} find the queues of configured
 * names and their executors. The field of a test has a type of results. The bean definition has none, since the type
 * may differ between injection points.
 */
final class QueueOverrides implements ContextCustomizerFactory {

    private static final String PREFIX = "queue.instances.";

    private static final Set<Class<?>> TYPES = Set.of(WorkerQueue.class, Executor.class);

    QueueOverrides() {}

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> configuration) {
        Set<Replaced> overrides = new HashSet<>();
        Class<?> at = testClass;
        while (at != null) {
            BeanOverrideHandler.forTestClass(at).stream()
                    .filter(handler -> TYPES.contains(handler.getBeanType().toClass()))
                    .map(Replaced::of)
                    .forEach(overrides::add);
            at = TestContextAnnotationUtils.searchEnclosingClass(at) ? at.getEnclosingClass() : null;
        }
        return overrides.isEmpty() ? null : new Customizer(overrides);
    }

    /**
     * Queue or executor that a test replaces.
     *
     * @param beanName the name of the bean; null if the test does not give it
     * @param qualifier the qualifier of the field; null if it has none
     * @param type the type of the field
     */
    private record Replaced(
            @Nullable String beanName, @Nullable String qualifier, ResolvableType type) {

        static Replaced of(BeanOverrideHandler handler) {
            Field field = handler.getField();
            String qualifier = field == null
                    ? null
                    : MergedAnnotations.from(field)
                            .get(Qualifier.class)
                            .getValue("value", String.class)
                            .orElse(null);
            return new Replaced(handler.getBeanName(), qualifier, handler.getBeanType());
        }

        boolean isOf(String name, RootBeanDefinition definition) {
            AutowireCandidateQualifier candidate = definition.getQualifier(Qualifier.class.getName());
            return type.toClass().getName().equals(definition.getBeanClassName())
                    && (name.equals(beanName)
                            || (qualifier != null
                                    && candidate != null
                                    && qualifier.equals(candidate.getAttribute("value"))));
        }
    }

    private record Customizer(Set<Replaced> overrides) implements ContextCustomizer {

        /** Adds two post-processors, before and after the post-processor of Spring that replaces the beans. */
        @Override
        public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
            Map<String, RootBeanDefinition> found = new HashMap<>();
            context.addBeanFactoryPostProcessor(beans -> setTypes(beans, found));
            BeanFactoryPostProcessor last = beans -> restore(beans, found);
            context.getBeanFactory().registerSingleton(QueueOverrides.class.getName(), last);
        }

        private void setTypes(ConfigurableListableBeanFactory beans, Map<String, RootBeanDefinition> found) {
            for (String name : beans.getBeanDefinitionNames()) {
                if (name.startsWith(PREFIX) && beans.getBeanDefinition(name) instanceof RootBeanDefinition definition) {
                    for (Replaced override : overrides) {
                        if (override.isOf(name, definition)) {
                            definition.setTargetType(override.type());
                            found.put(name, definition);
                        }
                    }
                }
            }
            beans.clearMetadataCache();
        }

        /** Restores the definitions, since other injection points have the qualifier with another type of results. */
        private static void restore(ConfigurableListableBeanFactory beans, Map<String, RootBeanDefinition> found) {
            found.forEach((name, original) -> {
                if (beans.getBeanDefinition(name) instanceof RootBeanDefinition definition) {
                    definition.setTargetType((ResolvableType) null);
                    definition.copyQualifiersFrom(original);
                    definition.setDefaultCandidate(original.isDefaultCandidate());
                }
                beans.clearMetadataCache();
                if (beans.getMergedBeanDefinition(name) instanceof RootBeanDefinition merged) {
                    merged.setTargetType((ResolvableType) null);
                }
            });
        }
    }
}
