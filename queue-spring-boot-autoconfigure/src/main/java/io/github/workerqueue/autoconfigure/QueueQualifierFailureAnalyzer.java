package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Failure analyzer for a missing or misspelled qualifier of a queue. */
@Order(0)
class QueueQualifierFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

    private final Environment environment;

    QueueQualifierFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        ResolvableType type = cause.getResolvableType();
        if (type == null || cause instanceof NoUniqueBeanDefinitionException) {
            return null;
        }
        UnsatisfiedDependencyException dependency = dependency(rootFailure);
        String qualifier = dependency == null ? "" : qualifier(dependency.getInjectionPoint());
        List<String> names = names();
        boolean isQueue = type.toClass() == WorkerQueue.class;
        boolean isMisspeltExecutor = type.toClass() == Executor.class
                && !qualifier.isEmpty()
                && names.stream().anyMatch(name -> Spelling.distance(qualifier, name) <= Spelling.MAX_MISSPELT_LETTERS);
        boolean isConfigured = isEnabled() && names.contains(qualifier);
        if (isConfigured || !(isQueue || isMisspeltExecutor)) {
            return null;
        }
        String bean = dependency == null || dependency.getBeanName() == null
                ? "A bean"
                : "The bean '" + dependency.getBeanName() + "'";
        return new FailureAnalysis(
                description(bean + " needs a bean of type " + type.toClass().getSimpleName(), qualifier, names),
                action(qualifier, names),
                cause);
    }

    private String description(String requirement, String qualifier, List<String> names) {
        if (!isEnabled()) {
            return requirement + ", but 'queue.enabled' is false.";
        }
        String configured = names.isEmpty()
                ? "No name is configured below 'queue.instances'."
                : "The names below 'queue.instances' are " + quoted(names) + ".";
        return qualifier.isEmpty()
                ? requirement + " without a qualifier, but a configured queue is injected only by its name. "
                        + configured
                : requirement + " with the qualifier '" + qualifier + "', but no queue of this name is configured. "
                        + configured;
    }

    private String action(String qualifier, List<String> names) {
        if (!isEnabled()) {
            return "Set 'queue.enabled' to true, or declare a WorkerQueue bean.";
        }
        if (qualifier.isEmpty()) {
            return names.isEmpty()
                    ? "Configure a queue below 'queue.instances', and inject it by its name with @Qualifier, "
                            + "or declare a WorkerQueue bean."
                    : "Add @Qualifier(\"" + names.get(0) + "\") or another name, or declare a WorkerQueue bean.";
        }
        return Spelling.closest(qualifier, names)
                        .map(closest ->
                                "Use @Qualifier(\"" + closest + "\") if you mean that queue. Otherwise, configure '")
                        .orElse("Configure '")
                + "queue.instances[" + qualifier
                + "]', or declare a WorkerQueue bean with this qualifier. In YAML, 'name:' "
                + "without a value configures a queue with defaults, but 'name: {}' is ignored.";
    }

    private boolean isEnabled() {
        return environment.getProperty("queue.enabled", Boolean.class, true);
    }

    private List<String> names() {
        return QueueBeanRegistrar.names(environment).stream().sorted().toList();
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    private static @Nullable UnsatisfiedDependencyException dependency(Throwable failure) {
        UnsatisfiedDependencyException last = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsatisfiedDependencyException dependency) {
                last = dependency;
            }
        }
        return last;
    }

    private static String qualifier(@Nullable InjectionPoint injectionPoint) {
        return injectionPoint == null
                ? ""
                : MergedAnnotations.from(injectionPoint.getAnnotations())
                        .get(Qualifier.class)
                        .getValue("value", String.class)
                        .orElse("");
    }
}
