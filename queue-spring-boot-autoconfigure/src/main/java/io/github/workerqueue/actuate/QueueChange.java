package io.github.workerqueue.actuate;

import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.WorkerQueue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * Change of a queue, requested through the endpoint.
 *
 * @param action the action
 * @param workers the number of workers for {@link Action#RESIZE}; otherwise 0
 */
record QueueChange(Action action, int workers) {

    private static final int MAX_DESCRIBED = 10;

    enum Action {
        PAUSE,
        RESUME,
        RESIZE,
        CANCEL,
        DRAIN
    }

    /** Returns a change. Throws an {@link InvalidEndpointRequestException} if an argument is invalid. */
    static QueueChange of(@Nullable String action, @Nullable String workers) {
        Action wanted = Arrays.stream(Action.values())
                .filter(candidate -> candidate.name().equalsIgnoreCase(action))
                .findFirst()
                .orElseThrow(() -> invalid("action", action, "one of " + allowedActions()));
        if (wanted != Action.RESIZE) {
            if (workers != null) {
                throw invalid("workers", workers, "absent unless the action is resize");
            }
            return new QueueChange(wanted, 0);
        }
        return new QueueChange(wanted, (int) number("workers", workers, QueueSettings.MAX_WORKERS));
    }

    /** Returns a number from 1 to the maximum. Throws an {@link InvalidEndpointRequestException} for other values. */
    static long number(String argument, @Nullable String value, long max) {
        try {
            long number = Long.parseLong(value == null ? "" : value.trim());
            if (number >= 1 && number <= max) {
                return number;
            }
        } catch (NumberFormatException ex) {
            // rejected below, like a number out of range
        }
        throw invalid(
                argument,
                value,
                max == Long.MAX_VALUE
                        ? "a positive number"
                        : String.format(Locale.ROOT, "a number between 1 and %,d", max));
    }

    void applyTo(WorkerQueue<?> queue) {
        switch (action) {
            case PAUSE -> queue.pause();
            case RESUME -> queue.resume();
            case RESIZE -> queue.resize(workers);
            case CANCEL -> queue.cancel();
            case DRAIN -> queue.asExecutorService().shutdown();
        }
    }

    /** Returns the description of this change for queues of one name, before it is applied. */
    String describe(List<WorkerQueue<?>> queues) {
        String ids = join(queues, queue -> queue.snapshot().id());
        String effect = action == Action.RESIZE
                ? String.format(
                        Locale.ROOT, "resize from %s to %d workers", join(queues, WorkerQueue::workers), workers)
                : action.name().toLowerCase(Locale.ROOT);
        return "Queue '" + queues.get(0).name() + "' (" + ids + "): " + effect;
    }

    private static String join(List<WorkerQueue<?>> queues, Function<WorkerQueue<?>, Object> figure) {
        String shown = queues.stream()
                .limit(MAX_DESCRIBED)
                .map(queue -> String.valueOf(figure.apply(queue)))
                .collect(Collectors.joining(", "));
        int more = queues.size() - MAX_DESCRIBED;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private static String allowedActions() {
        List<String> names = Arrays.stream(Action.values())
                .map(action -> action.name().toLowerCase(Locale.ROOT))
                .toList();
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }

    private static InvalidEndpointRequestException invalid(String argument, @Nullable String value, String rule) {
        String message = argument + " must be " + rule + ", but was " + (value == null ? "missing" : "'" + value + "'");
        return new InvalidEndpointRequestException(message, message);
    }
}
