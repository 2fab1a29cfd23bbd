package io.github.workerqueue.actuate;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint} that shows the open queues, their running and waiting tasks, and their blocked producers. It can
 * also pause, resume, resize, cancel and drain queues. By default, the endpoint is read-only;
 * {@code management.endpoint.queues.access=unrestricted} allows changes. No operation blocks.
 *
 * <p>By default, the endpoint shows a task under its name only if the name is from the {@code TaskOptions}. Other names
 * are the {@code toString()} of objects of the user, so the endpoint shows the class name instead.
 *
 * @since 0.1
 */
@Endpoint(id = "queues", defaultAccess = Access.READ_ONLY)
public class QueueEndpoint {

    private final Iterable<? extends QueueFactory> factories;

    private final Show showValues;

    private final Set<String> names;

    /**
     * Creates an endpoint.
     *
     * @param factories the factories of the queues, iterated in each operation
     * @param showValues the condition for showing names that are not from the {@code TaskOptions}
     */
    public QueueEndpoint(Iterable<? extends QueueFactory> factories, Show showValues) {
        this(factories, showValues, Set.of());
    }

    /**
     * Creates an endpoint that shows the settings of a configured name while no queue of the name is open.
     *
     * @param factories the factories of the queues, iterated in each operation; the first one provides the settings
     * @param showValues the condition for showing names that are not from the {@code TaskOptions}
     * @param names the configured names
     */
    public QueueEndpoint(Iterable<? extends QueueFactory> factories, Show showValues, Set<String> names) {
        this.factories = factories;
        this.showValues = showValues;
        this.names = Set.copyOf(names);
    }

    /**
     * Shows all open queues.
     *
     * @param stacks whether to show the stacks of the running tasks; {@code null} for no
     * @return the queues
     */
    @ReadOperation
    public QueuesDescriptor queues(@Nullable Boolean stacks) {
        return queues(stacks, showValues.isShown(true));
    }

    /**
     * Shows the open queues of a name, or the settings of a configured name without an open queue.
     *
     * @param name the name
     * @param id the ID of a single queue, unique in the JVM; {@code null} for all queues of the name
     * @param stacks whether to show the stacks of the running tasks; {@code null} for no
     * @return the queues; {@code null} if no queue matches, and the name is not configured or an ID was given
     * @throws InvalidEndpointRequestException if the ID is not a number
     */
    @ReadOperation
    public @Nullable QueuesDescriptor queue(@Selector String name, @Nullable String id, @Nullable Boolean stacks) {
        return queue(name, id, stacks, showValues.isShown(true));
    }

    /**
     * Changes the open queues of a name.
     *
     * @param name the name
     * @param action the action: pause, resume, resize, cancel or drain. Drain rejects further tasks, lets all accepted
     *     tasks run, and then closes the queue
     * @param workers the number of workers, only for resize
     * @param id the ID of a single queue, unique in the JVM; {@code null} for all queues of the name
     * @return the changed queues; {@code null} if no queue matches
     * @throws InvalidEndpointRequestException if an argument is missing or out of range; no queue was changed
     */
    @WriteOperation
    public @Nullable QueuesDescriptor change(
            @Selector String name, @Nullable String action, @Nullable String workers, @Nullable String id) {
        return change(name, action, workers, id, showValues.isShown(true), effect -> {});
    }

    QueuesDescriptor queues(@Nullable Boolean stacks, boolean values) {
        return QueuesDescriptor.of(find(null, null), values, stacks != null && stacks);
    }

    @Nullable
    QueuesDescriptor queue(String name, @Nullable String id, @Nullable Boolean stacks, boolean values) {
        List<WorkerQueue<?>> queues = find(name, id);
        if (queues.isEmpty()) {
            return id == null && names.contains(name) ? settings(name) : null;
        }
        return QueuesDescriptor.of(queues, values, stacks != null && stacks);
    }

    private @Nullable QueuesDescriptor settings(String name) {
        Iterator<? extends QueueFactory> all = factories.iterator();
        return all.hasNext() ? QueuesDescriptor.of(all.next().settings(name)) : null;
    }

    /** Changes queues, and passes a description of the change to a log. */
    @Nullable
    QueuesDescriptor change(
            String name,
            @Nullable String action,
            @Nullable String workers,
            @Nullable String id,
            boolean values,
            Consumer<String> log) {
        QueueChange change = QueueChange.of(action, workers);
        List<WorkerQueue<?>> queues = find(name, id);
        if (queues.isEmpty()) {
            return null;
        }
        String effect = change.describe(queues);
        queues.forEach(change::applyTo);
        log.accept(effect);
        return QueuesDescriptor.of(queues, values, false);
    }

    private List<WorkerQueue<?>> find(@Nullable String name, @Nullable String id) {
        Long wanted = id == null ? null : QueueChange.number("id", id, Long.MAX_VALUE);
        List<WorkerQueue<?>> found = new ArrayList<>();
        for (QueueFactory factory : factories) {
            for (WorkerQueue<?> queue : factory.queues()) {
                if ((name == null || name.equals(queue.name()))
                        && (wanted == null || wanted == queue.snapshot().id())) {
                    found.add(queue);
                }
            }
        }
        return found;
    }
}
