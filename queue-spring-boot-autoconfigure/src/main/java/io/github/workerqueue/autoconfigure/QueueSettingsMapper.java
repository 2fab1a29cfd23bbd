package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RateLimit;
import io.github.workerqueue.autoconfigure.QueueInstanceProperties.LogLevel;
import io.github.workerqueue.autoconfigure.QueueInstanceProperties.Rate;
import io.github.workerqueue.autoconfigure.QueueRetryMapper.RetryLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;

/**
 * Mapper of properties to settings. An invalid value is reported with its key and the violated rule.
 *
 * @param beans the beans, among which exception handlers are found by name
 * @param interceptors the interceptors of tasks
 */
record QueueSettingsMapper(ListableBeanFactory beans, QueueInterceptors interceptors) {

    private static final String DEFAULTS = "queue.";

    /** Returns the settings, changed by the properties directly under {@code queue}. */
    QueueSettings defaults(QueueSettings settings, QueueProperties properties) {
        return change(settings, DEFAULTS, properties, List.of(retry(DEFAULTS, properties)));
    }

    /** Returns the inherited settings of an instance, changed by its own properties. */
    QueueSettings instance(
            QueueSettings inherited, QueueProperties defaults, String name, QueueInstanceProperties instance) {
        String prefix =
                name.matches("[A-Za-z0-9-]+") ? "queue.instances." + name + "." : "queue.instances[" + name + "].";
        return change(inherited, prefix, instance, List.of(retry(prefix, instance), retry(DEFAULTS, defaults)));
    }

    private static RetryLevel retry(String prefix, QueueInstanceProperties properties) {
        return new RetryLevel(prefix + "retry.", properties.getRetry());
    }

    private QueueSettings change(
            QueueSettings settings, String prefix, QueueInstanceProperties properties, List<RetryLevel> retries) {
        QueueRetryMapper retry = new QueueRetryMapper(retries);
        settings = settings.withRetryPolicy(retry.policy()).withMaxHold(retry.maxHold());
        Integer workers = properties.getWorkers();
        if (workers != null) {
            requireInRange(prefix + "workers", workers, 1, QueueSettings.MAX_WORKERS);
            settings = settings.withWorkers(workers);
        }
        Integer maxsize = properties.getMaxsize();
        if (maxsize != null) {
            requireInRange(prefix + "maxsize", maxsize, 1, QueueSettings.MAX_MAXSIZE);
            settings = settings.withMaxsize(maxsize);
        }
        LogLevel logLevel = properties.getLogLevel();
        if (logLevel != null) {
            settings = settings.withLogLevel(logLevel.level());
        }
        Duration taskTimeout = properties.getTaskTimeout();
        if (taskTimeout != null) {
            settings = settings.withTaskTimeout(limit(prefix + "task-timeout", taskTimeout));
        }
        Duration deadline = properties.getDeadline();
        if (deadline != null) {
            settings = settings.withDeadline(limit(prefix + "deadline", deadline));
        }
        Boolean failFast = properties.getFailFast();
        if (failFast != null) {
            settings = settings.withFailFast(failFast);
        }
        Integer totalWorkers = properties.getTotalWorkers();
        if (totalWorkers != null) {
            requireInRange(prefix + "total-workers", totalWorkers, 0, QueueSettings.MAX_WORKERS);
            settings = settings.withTotalWorkers(totalWorkers == 0 ? null : totalWorkers);
        }
        List<Rate> rateLimits = properties.getRateLimits();
        if (rateLimits != null) {
            settings = settings.withRateLimits(limits(prefix + "rate-limits", rateLimits));
        }
        Boolean leakTrace = properties.getLeakTrace();
        if (leakTrace != null) {
            settings = settings.withLeakTrace(leakTrace);
        }
        Boolean propagateContext = properties.getPropagateContext();
        if (propagateContext != null) {
            settings = settings.withInterceptors(interceptors.all(prefix + "propagate-context", propagateContext));
        }
        String exceptionHandler = properties.getExceptionHandler();
        if (StringUtils.hasText(exceptionHandler)) {
            settings = settings.withExceptionHandler(handler(prefix + "exception-handler", exceptionHandler));
        }
        return settings;
    }

    private static List<RateLimit> limits(String key, List<Rate> rates) {
        List<RateLimit> limits = new ArrayList<>();
        if (rates.size() == 1 && rates.get(0) == Rate.NONE) {
            return limits;
        }
        for (int i = 0; i < rates.size(); i++) {
            String element = key + "[" + i + "]";
            Integer permits = rates.get(i).getPermits();
            Duration per = rates.get(i).getPer();
            if (permits == null) {
                throw incomplete(
                        element,
                        "{per: "
                                + (per == null ? "" : DurationFormatterUtils.print(per, DurationFormat.Style.COMPOSITE))
                                + "}",
                        "permits");
            }
            if (permits < 1 || permits > RateLimit.MAX_PERMITS) {
                throw new InvalidConfigurationPropertyValueException(
                        element + ".permits", permits, between(1, RateLimit.MAX_PERMITS));
            }
            if (per == null) {
                throw incomplete(element, "{permits: " + permits + "}", "per");
            }
            if (per.isNegative() || per.isZero()) {
                throw new InvalidConfigurationPropertyValueException(
                        element + ".per", per, "Must be a positive period, such as 1s or 2m.");
            }
            limits.add(new RateLimit(permits, per));
        }
        return limits;
    }

    /** Returns an exception for the element, not for its missing key, which may be set in a weaker source. */
    private static InvalidConfigurationPropertyValueException incomplete(String element, String value, String missing) {
        return new InvalidConfigurationPropertyValueException(
                element,
                value,
                "Must have both permits and per, but " + missing + " is missing. A list in one source replaces the "
                        + "whole list of another source; repeat all its elements there, for example as 20/1s, 100/2m.");
    }

    private static void requireInRange(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new InvalidConfigurationPropertyValueException(key, value, between(min, max));
        }
    }

    private static String between(int min, int max) {
        return String.format(Locale.ROOT, "Must be between %,d and %,d.", min, max);
    }

    /** Returns a limit; null for zero, which switches an inherited limit off. */
    private static @Nullable Duration limit(String key, Duration value) {
        if (value.isNegative()) {
            throw new InvalidConfigurationPropertyValueException(key, value, "Must be zero (no limit) or positive.");
        }
        return value.isZero() ? null : value;
    }

    private QueueExceptionHandler handler(String key, String name) {
        if (!beans.containsBean(name)) {
            throw new InvalidConfigurationPropertyValueException(key, name, handlerRule() + "; no bean has this name.");
        }
        if (!beans.isTypeMatch(name, QueueExceptionHandler.class)) {
            throw new InvalidConfigurationPropertyValueException(
                    key,
                    name,
                    handlerRule() + "; the bean of this name is a "
                            + Objects.requireNonNull(beans.getType(name)).getName() + ".");
        }
        return beans.getBean(name, QueueExceptionHandler.class);
    }

    private String handlerRule() {
        String[] names = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, QueueExceptionHandler.class);
        return names.length == 0
                ? "Must be the name of a QueueExceptionHandler bean (there is none)"
                : "Must be the name of a QueueExceptionHandler bean (" + String.join(", ", names) + ")";
    }
}
