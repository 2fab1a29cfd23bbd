package io.github.workerqueue.observation;

import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.observation.QueueTaskObservationDocumentation.HighCardinalityKeyNames;
import io.github.workerqueue.observation.QueueTaskObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Default convention for the observations of tasks. The name of the observation is {@code queue.task}, and its
 * contextual name is {@code task} and the name of the queue. {@link QueueTaskObservationDocumentation} lists the key
 * values.
 *
 * @since 0.1
 */
public class DefaultQueueTaskObservationConvention implements QueueTaskObservationConvention {

    private static final KeyValue OUTCOME_UNKNOWN = LowCardinalityKeyNames.OUTCOME.withValue("unknown");

    private static final KeyValue EXCEPTION_NONE = LowCardinalityKeyNames.EXCEPTION.withValue("none");

    private final UnaryOperator<String> queueNames;

    /** Creates a convention that shows the names of queues unchanged. */
    public DefaultQueueTaskObservationConvention() {
        this(UnaryOperator.identity());
    }

    /**
     * Creates a convention that maps the names of queues.
     *
     * @param queueNames the function that maps the name of a queue to the name shown. If users choose the names of
     *     queues, the function must have few values, since there may be a meter for each of them
     */
    public DefaultQueueTaskObservationConvention(UnaryOperator<String> queueNames) {
        this.queueNames = Objects.requireNonNull(queueNames, "queueNames must not be null");
    }

    @Override
    public String getName() {
        return "queue.task";
    }

    @Override
    public String getContextualName(QueueTaskObservationContext context) {
        return "task " + queueName(context);
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(QueueTaskObservationContext context) {
        return KeyValues.of(
                LowCardinalityKeyNames.QUEUE_NAME.withValue(queueName(context)), outcome(context), exception(context));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(QueueTaskObservationContext context) {
        KeyValues attempts =
                KeyValues.of(HighCardinalityKeyNames.TASK_ATTEMPTS.withValue(Integer.toString(context.getAttempts())));
        return context.getTask().isNamed()
                ? attempts.and(HighCardinalityKeyNames.TASK_NAME.withValue(
                        context.getTask().name()))
                : attempts;
    }

    private String queueName(QueueTaskObservationContext context) {
        return queueNames.apply(context.getTask().queue());
    }

    private static KeyValue outcome(QueueTaskObservationContext context) {
        Outcome outcome = context.getOutcome();
        return outcome == null
                ? OUTCOME_UNKNOWN
                : LowCardinalityKeyNames.OUTCOME.withValue(outcome.name().toLowerCase(Locale.ROOT));
    }

    private static KeyValue exception(QueueTaskObservationContext context) {
        Throwable error = context.getError();
        if (error == null) {
            return EXCEPTION_NONE;
        }
        String simple = error.getClass().getSimpleName();
        return LowCardinalityKeyNames.EXCEPTION.withValue(
                simple.isEmpty() ? error.getClass().getName() : simple);
    }
}
