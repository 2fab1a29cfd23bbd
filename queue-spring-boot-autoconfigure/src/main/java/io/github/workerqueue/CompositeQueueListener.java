package io.github.workerqueue;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Listener that notifies several others. An exception of one is logged and does not affect the rest.
 *
 * @param listeners the notified listeners
 */
record CompositeQueueListener(List<QueueListener> listeners) implements QueueListener {

    /** Listener that ignores all events. */
    static final QueueListener NONE = new QueueListener() {
        @Override
        public boolean hearsTasks() {
            return false;
        }
    };

    static QueueListener of(List<QueueListener> listeners) {
        return listeners.isEmpty() ? NONE : new CompositeQueueListener(List.copyOf(listeners));
    }

    @Override
    public boolean hearsTasks() {
        return listeners.stream().anyMatch(QueueListener::hearsTasks);
    }

    @Override
    public void opened(String queue, long id, Supplier<QueueSnapshot> figures) {
        notifyAll(listener -> listener.opened(queue, id, figures));
    }

    @Override
    public void started(String queue, long id, int worker, long index, long waited) {
        for (QueueListener listener : listeners) { // no lambda, which would be allocated per task
            try {
                listener.started(queue, id, worker, index, waited);
            } catch (Throwable ex) {
                failed(listener, ex);
            }
        }
    }

    @Override
    public void finished(
            String queue, long id, int worker, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
        for (QueueListener listener : listeners) { // as above
            try {
                listener.finished(queue, id, worker, index, ran, outcome, exception);
            } catch (Throwable ex) {
                failed(listener, ex);
            }
        }
    }

    @Override
    public void retried(String queue, long id, int worker, long index, int attempts, long delay, Throwable exception) {
        notifyAll(listener -> listener.retried(queue, id, worker, index, attempts, delay, exception));
    }

    @Override
    public void abandoned(String queue) {
        notifyAll(listener -> listener.abandoned(queue));
    }

    @Override
    public void blocked(String queue, long blocked) {
        notifyAll(listener -> listener.blocked(queue, blocked));
    }

    @Override
    public void rejected(String queue) {
        notifyAll(listener -> listener.rejected(queue));
    }

    @Override
    public void closed(String queue, long id) {
        notifyAll(listener -> listener.closed(queue, id));
    }

    private void notifyAll(Consumer<QueueListener> event) {
        for (QueueListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable ex) {
                failed(listener, ex);
            }
        }
    }

    private static void failed(QueueListener listener, Throwable ex) {
        QueueLog.log(Level.WARN, "Queue listener {} failed", TaskNames.nameOf(listener), ex);
    }
}
