package io.github.workerqueue.actuate;

import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.WorkerQueue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * What is to be done to a queue.
 *
 * @param action what
 * @param workers for {@link Action#RESIZE}, how many tasks may run at once; else 0
 */
record QueueChange(Action action, int workers) {

    enum Action {
        PAUSE,
        RESUME,
        RESIZE,
        CANCEL,
        DRAIN
    }

    /** Throws an {@link InvalidEndpointRequestException} that says what is allowed. */
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

    /** Throws an {@link InvalidEndpointRequestException} unless it is a number from 1 to the most. */
    static long number(String argument, @Nullable String value, long most) {
        try {
            long number = Long.parseLong(value == null ? "" : value.trim());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException ex) {
            // as out of range
        }
        throw invalid(
                argument,
                value,
                most == Long.MAX_VALUE
                        ? "a positive number"
                        : String.format(Locale.ROOT, "a number between 1 and %,d", most));
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
