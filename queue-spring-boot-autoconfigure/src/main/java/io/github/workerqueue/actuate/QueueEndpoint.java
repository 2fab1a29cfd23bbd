package io.github.workerqueue.actuate;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint} that shows the open queues, what runs and waits in them, and who is held back; and that pauses, resumes,
 * resizes, cancels and drains them. By default it only reads; {@code management.endpoint.queues.access=unrestricted} lets it
 * change queues. No operation blocks.
 *
 * <p>The name of a task is the {@code toString()} of what a user put, unless it was given in {@code TaskOptions}. Only names
 * that were given are shown by default; of the other tasks, the name of the class.
 */
@Endpoint(id = "queues", defaultAccess = Access.READ_ONLY)
public class QueueEndpoint {

    private final Iterable<? extends QueueFactory> factories;

    private final Show showValues;

    private final Set<String> names;

    /**
     * Makes an endpoint.
     *
     * @param factories the factories whose queues it shows, looked at in each operation
     * @param showValues when to show the names of tasks that were not given
     */
    public QueueEndpoint(Iterable<? extends QueueFactory> factories, Show showValues) {
        this(factories, showValues, Set.of());
    }

    /**
     * Makes an endpoint that shows the settings of configured names while no queue of the name is open.
     *
     * @param factories the factories whose queues it shows, looked at in each operation; the first one has the settings
     * @param showValues when to show the names of tasks that were not given
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
     * @param stacks whether to show what the threads of running tasks do; null for no
     * @return the queues
     */
    @ReadOperation
    public QueuesDescriptor queues(@Nullable Boolean stacks) {
        return queues(stacks, showValues.isShown(true));
    }

    /**
     * Shows the open queues of a name; if none is open, the settings of a configured name.
     *
     * @param name the name
     * @param id the number of the only queue to show, unique in the JVM; null for all of the name
     * @param stacks whether to show what the threads of running tasks do; null for no
     * @return the queues; null if there is none, and the name is not configured or an id was given
     * @throws InvalidEndpointRequestException if the id is not a number
     */
    @ReadOperation
    public @Nullable QueuesDescriptor queue(@Selector String name, @Nullable String id, @Nullable Boolean stacks) {
        return queue(name, id, stacks, showValues.isShown(true));
    }

    /**
     * Changes the open queues of a name.
     *
     * @param name the name
     * @param action one of pause, resume, resize, cancel and drain, which lets everything accepted run, refuses what others
     *     put, and then closes the queue
     * @param workers for resize, how many tasks may run at once
     * @param id the number of the only queue to change, unique in the JVM; null for all of the name
     * @return the queues, changed; null if there is none
     * @throws InvalidEndpointRequestException if an argument is missing or out of range; nothing was changed
     */
    @WriteOperation
    public @Nullable QueuesDescriptor change(
            @Selector String name, @Nullable String action, @Nullable String workers, @Nullable String id) {
        return change(name, action, workers, id, showValues.isShown(true));
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

    @Nullable
    QueuesDescriptor change(
            String name, @Nullable String action, @Nullable String workers, @Nullable String id, boolean values) {
        QueueChange change = QueueChange.of(action, workers);
        List<WorkerQueue<?>> queues = find(name, id);
        queues.forEach(change::applyTo);
        return queues.isEmpty() ? null : QueuesDescriptor.of(queues, values, false);
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
