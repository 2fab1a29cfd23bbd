package io.github.workerqueue.event;

import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSnapshot;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes a {@link QueueOpenedEvent} for each queue that opens, and a {@link QueueClosedEvent} when it is closed. It hears
 * no tasks, and costs them nothing.
 */
public final class QueueEvents implements QueueListener {

    private final ApplicationEventPublisher publisher;

    /**
     * Makes a listener.
     *
     * @param publisher what publishes the events
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
