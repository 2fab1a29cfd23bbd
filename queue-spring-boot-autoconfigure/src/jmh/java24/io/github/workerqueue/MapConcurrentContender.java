package io.github.workerqueue;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The JDK's own way to map a stream with a bound, in order, on virtual threads. What runs is bounded, nothing waits. */
record MapConcurrentContender(int workers) implements Contender {

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) {
        return IntStream.range(0, tasks)
                .mapToObj(i -> task)
                .gather(Gatherers.mapConcurrent(workers, MapConcurrentContender::call))
                .filter(Objects::nonNull)
                .toList();
    }

    static @Nullable Object call(Callable<@Nullable Object> task) {
        try {
            return task.call();
        } catch (Exception ex) {
            throw new CompletionException(ex);
        }
    }

    @Override
    public void close() {}
}
