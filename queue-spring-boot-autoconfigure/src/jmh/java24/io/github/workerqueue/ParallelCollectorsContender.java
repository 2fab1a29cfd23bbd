package io.github.workerqueue;

import com.pivovarit.collectors.ParallelCollectors;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The library parallel-collectors on virtual threads. What runs is bounded, but all that waits is queued without a bound. */
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
