package io.github.workerqueue.board;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.board.BoardDescriptor.ControlsDescriptor;
import io.github.workerqueue.board.BoardDescriptor.SelectedDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Factory with a recorder, whose seconds pass by calls of {@link #sample()}. */
final class Recording implements AutoCloseable {

    private final AtomicLong clock = new AtomicLong();

    private final List<QueueFactory> factories = new ArrayList<>();

    final Map<String, String> stalled = new ConcurrentHashMap<>();

    final QueueBoard board = new QueueBoard(factories, () -> stalled, clock::get);

    final QueueFactory factory;

    private final CountDownLatch goOn = new CountDownLatch(1);

    Recording() {
        this(builder -> builder);
    }

    Recording(UnaryOperator<QueueFactory.Builder> change) {
        factory = change.apply(QueueFactory.builder().listener(board)).build();
        factories.add(factory);
    }

    void sample() {
        pass(Duration.ofSeconds(1));
        board.takeSample();
    }

    void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    /** Makes tasks run until {@link #release()}, and returns once they do. */
    void block(WorkerQueue<?> queue, int tasks) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            queue.execute(() -> {
                started.countDown();
                goOn.await();
            });
        }
        started.await();
    }

    void release() {
        goOn.countDown();
    }

    NameRecord name(String name) {
        return Objects.requireNonNull(board.name(name));
    }

    BoardDescriptor query(BoardQuery query) {
        return query.on(board, new ControlsDescriptor(null, null));
    }

    SelectedDescriptor select(String name) {
        return Objects.requireNonNull(
                query(new BoardQuery(1, name, null, 0, 0, true)).selected());
    }

    @Override
    public void close() {
        release();
        factory.close();
    }
}
