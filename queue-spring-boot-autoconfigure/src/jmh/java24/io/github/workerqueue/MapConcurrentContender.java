package io.github.workerqueue;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The bounded mapping of a stream in the JDK, in order, on virtual threads. Running tasks are bounded, and no task
 * waits.
 */
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
