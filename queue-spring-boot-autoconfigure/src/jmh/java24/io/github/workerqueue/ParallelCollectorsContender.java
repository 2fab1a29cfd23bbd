package io.github.workerqueue;

import com.pivovarit.collectors.ParallelCollectors;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The library parallel-collectors on virtual threads. The number of running tasks is bounded, the number of waiting
 * tasks is not.
 */
record ParallelCollectorsContender(int workers) implements Contender {

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) {
        return IntStream.range(0, tasks)
                .mapToObj(i -> task)
                .collect(ParallelCollectors.parallelToOrderedStream(MapConcurrentContender::call, workers))
                .filter(Objects::nonNull)
                .map(Object.class::cast)
                .toList();
    }

    @Override
    public void close() {}
}
