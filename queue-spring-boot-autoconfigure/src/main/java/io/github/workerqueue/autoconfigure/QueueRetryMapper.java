package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.TaskRetryPolicy;
import io.github.workerqueue.autoconfigure.QueueInstanceProperties.Hold;
import io.github.workerqueue.autoconfigure.QueueInstanceProperties.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.retry.RetryPolicy;

/**
 * Mapper of the properties of retries to a policy and the maximum hold. A property that is not set at one level is
 * taken from the next.
 *
 * @param levels the levels of the properties, that of the instance first
 */
record QueueRetryMapper(List<RetryLevel> levels) {

    /**
     * Level of the properties of retries.
     *
     * @param prefix the key of the level, with a dot at the end
     * @param retry the properties at this level
     */
    record RetryLevel(String prefix, Retry retry) {}

    /** Returns the policy; null if tasks are not retried. */
    @Nullable
    TaskRetryPolicy policy() {
        Integer maxRetries = value(
                "max-retries", Retry::getMaxRetries, value -> value >= 0, "Must be zero (no retries) or positive.");
        RetryPolicy.Builder builder = RetryPolicy.builder();
        Duration delay = duration("delay", Retry::getDelay);
        if (delay != null) {
            builder.delay(delay);
        }
        Double multiplier = value(
                "multiplier", Retry::getMultiplier, value -> value >= 1 && !value.isInfinite(), "Must be at least 1.");
        if (multiplier != null) {
            builder.multiplier(multiplier);
        }
        Duration maxDelay =
                value("max-delay", Retry::getMaxDelay, value -> value.toMillis() > 0, "Must be at least 1 ms.");
        if (maxDelay != null) {
            builder.maxDelay(maxDelay);
        }
        Duration jitter = duration("jitter", Retry::getJitter);
        if (jitter != null) {
            builder.jitter(jitter);
        }
        List<Class<? extends Throwable>> includes = value("includes", Retry::getIncludes);
        List<Class<? extends Throwable>> excludes = new ArrayList<>();
        List<Class<? extends Throwable>> excluded = value("excludes", Retry::getExcludes);
        if (excluded != null) {
            excludes.addAll(excluded);
        }
        if (includes == null || includes.isEmpty()) {
            excludes.add(Error.class);
            excludes.add(InterruptedException.class);
        } else {
            builder.includes(includes);
        }
        return maxRetries == null || maxRetries == 0
                ? null
                : new SpringRetryPolicy(
                        builder.maxRetries(maxRetries).excludes(excludes).build());
    }

    /** Returns the maximum wait for which a failure holds a name; zero for no holds. */
    Duration maxHold() {
        Duration maxHold =
                value("max-hold", Retry::getMaxHold, value -> value.compareTo(Duration.ZERO) > 0, "Must be positive.");
        if (value("hold", Retry::getHold) == Hold.TASK) {
            return Duration.ZERO;
        }
        return maxHold == null ? QueueSettings.defaults().maxHold() : maxHold;
    }

    private @Nullable Duration duration(String key, Function<Retry, @Nullable Duration> property) {
        return value(key, property, value -> !value.isNegative(), "Must be zero or positive.");
    }

    private <V> @Nullable V value(String key, Function<Retry, @Nullable V> property) {
        return value(key, property, value -> true, "");
    }

    private <V> @Nullable V value(
            String key, Function<Retry, @Nullable V> property, Predicate<V> allowed, String reason) {
        for (RetryLevel level : levels) {
            V value = property.apply(level.retry);
            if (value != null) {
                if (!allowed.test(value)) {
                    throw new InvalidConfigurationPropertyValueException(level.prefix + key, value, reason);
                }
                return value;
            }
        }
        return null;
    }
}
