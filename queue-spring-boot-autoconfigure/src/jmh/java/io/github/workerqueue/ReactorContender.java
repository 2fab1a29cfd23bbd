package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Reactor's flatMapSequential on a bounded elastic scheduler. The demand is its bound. */
record ReactorContender(int workers, Scheduler scheduler) implements Contender {

    ReactorContender(int workers, int maxsize) {
        this(workers, Schedulers.newBoundedElastic(workers, workers + maxsize, "contender", 60, true));
    }

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) {
        List<Object> results = Flux.range(0, tasks)
                .flatMapSequential(i -> Mono.fromCallable(task).subscribeOn(scheduler), workers)
                .collectList()
                .block();
        return results == null ? List.of() : results;
    }

    @Override
    public void close() {
        scheduler.dispose();
    }
}
