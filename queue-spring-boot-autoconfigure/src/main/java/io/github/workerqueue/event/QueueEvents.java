package io.github.workerqueue.event;

import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSnapshot;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Listener that publishes a {@link QueueOpenedEvent} for each opened queue, and a {@link QueueClosedEvent} for each
 * closed one. It is not notified about tasks, so it does not slow them down.
 *
 * @since 0.1
 */
public final class QueueEvents implements QueueListener {

    private final ApplicationEventPublisher publisher;

    /**
     * Creates a listener.
     *
     * @param publisher the publisher of the events
     */
    public QueueEvents(ApplicationEventPublisher publisher) {
        this.publisher = Objects.requireNonNull(publisher, "publisher must not be null");
    }

    @Override
    public boolean hearsTasks() {
        return false;
    }

    @Override
    public void opened(String queue, long id, Supplier<QueueSnapshot> figures) {
        publisher.publishEvent(new QueueOpenedEvent(queue, id));
    }

    @Override
    public void closed(String queue, long id) {
        publisher.publishEvent(new QueueClosedEvent(queue, id));
    }
}
