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
 * Names the observation {@code queue.task}, contextually {@code task} and the name of the queue, and gives it the key values of
 * {@link QueueTaskObservationDocumentation}.
 */
public class DefaultQueueTaskObservationConvention implements QueueTaskObservationConvention {

    private static final KeyValue OUTCOME_UNKNOWN = LowCardinalityKeyNames.OUTCOME.withValue("unknown");

    private static final KeyValue EXCEPTION_NONE = LowCardinalityKeyNames.EXCEPTION.withValue("none");

    private final UnaryOperator<String> queueNames;

    /** Makes a convention that shows the names of queues as they are. */
    public DefaultQueueTaskObservationConvention() {
        this(UnaryOperator.identity());
    }

    /**
     * Makes a convention.
     *
     * @param queueNames gives what is shown for the name of a queue; where queues are named by what users enter, it must have
     *     few values, as there may be a meter for each
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
