package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The queue of this project. One factory opens a queue for each run, as in an application. */
record QueueContender(QueueFactory factory) implements Contender {

    static QueueContender of(int workers, int maxsize, boolean virtual) {
        return new QueueContender(QueueFactory.create(settings(workers, maxsize, virtual)));
    }

    static boolean isVirtual(String name) {
        return switch (name) {
            case "queue-virtual" -> true;
            case "queue-platform" -> false;
            default -> throw new IllegalArgumentException(name + " is no queue");
        };
    }

    static QueueSettings settings(int workers, int maxsize, boolean virtual) {
        return QueueSettings.defaults()
                .withWorkers(workers)
                .withMaxsize(maxsize)
                .withVirtualThreads(virtual);
    }

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) throws InterruptedException {
        try (WorkerQueue<Object> queue = factory.open()) {
            put(queue, tasks, task);
            return queue.join();
        }
    }

    @Override
    public List<Object> run(Producers producers, int tasks, Callable<@Nullable Object> task) throws Exception {
        try (WorkerQueue<Object> queue = factory.open()) {
            producers.each(() -> put(queue, tasks / producers.count(), task));
            return queue.join();
        }
    }

    private static int put(WorkerQueue<Object> queue, int tasks, Callable<@Nullable Object> task)
            throws InterruptedException {
        for (int i = 0; i < tasks; i++) {
            queue.put(task);
        }
        return tasks;
    }

    @Override
    public void close() {
        factory.close();
    }
}
