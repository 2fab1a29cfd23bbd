package io.github.workerqueue;

import io.github.workerqueue.board.QueueBoard;
import io.github.workerqueue.board.QueueBoardEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;

/**
 * Cost of the board per task: without a listener, with a listener that ignores its events and therefore only the clock
 * readings, with the recorder, and with the recorder while a page requests the name once per second.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BoardBenchmark {

    private static final int TASKS = 100_000;

    private static final int CPU_TASKS = 20_000;

    /** Contender with one queue for all runs, since lanes belong to a queue. */
    public static class Runner extends Contest {

        @Param({"queue-virtual", "queue-platform"})
        public String contender = "";

        @Param({"none", "clock", "recorder", "watched"})
        public String board = "";

        private long tokens;

        @Override
        Contender open() {
            QueueFactory.Builder builder = QueueFactory.builder()
                    .defaults(QueueContender.settings(WORKERS, MAXSIZE, QueueContender.isVirtual(contender)));
            List<QueueFactory> factories = new ArrayList<>();
            QueueBoard recorder = new QueueBoard(factories, Map::of);
            switch (board) {
                case "none" -> {}
                case "clock" -> builder.listener(new QueueListener() {});
                default -> builder.listener(recorder);
            }
            QueueFactory factory = builder.build();
            factories.add(factory);
            return new SharedQueue(factory, factory.open(), recorder, poll(recorder));
        }

        private @Nullable ScheduledExecutorService poll(QueueBoard recorder) {
            if (board.equals("none") || board.equals("clock")) {
                return null;
            }
            recorder.start();
            if (board.equals("recorder")) {
                return null;
            }
            PathMappedEndpoints endpoints = new PathMappedEndpoints("/", List::of);
            QueueBoardEndpoint endpoint = new QueueBoardEndpoint(recorder, () -> endpoints, Show.NEVER, Set.of());
            ScheduledExecutorService page = Executors.newSingleThreadScheduledExecutor();
            page.scheduleAtFixedRate(
                    () -> endpoint.file(SecurityContext.NONE, "data", null, "default", null, null, null),
                    0,
                    1,
                    TimeUnit.SECONDS);
            return page;
        }

        @Setup
        public void calibrate() {
            tokens = CpuWork.tokens(5);
        }
    }

    /** Tasks that do nothing. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> handOver(Runner runner) throws Exception {
        return runner.opened().run(TASKS, () -> Boolean.TRUE);
    }

    /** Tasks of 5 µs. */
    @Benchmark
    @OperationsPerInvocation(CPU_TASKS)
    public List<Object> cpu(Runner runner) throws Exception {
        return runner.opened().run(CPU_TASKS, CpuWork.task(runner.tokens));
    }

    private record SharedQueue(
            QueueFactory factory,
            WorkerQueue<Object> queue,
            QueueBoard recorder,
            @Nullable ScheduledExecutorService page)
            implements Contender {

        @Override
        public List<Object> run(int tasks, Callable<@Nullable Object> task) throws InterruptedException {
            for (int i = 0; i < tasks; i++) {
                queue.put(task);
            }
            return queue.join();
        }

        @Override
        public List<Object> run(Producers producers, int tasks, Callable<@Nullable Object> task) {
            throw new UnsupportedOperationException("one producer only");
        }

        @Override
        public void close() {
            if (page != null) {
                page.shutdownNow();
            }
            recorder.stop();
            queue.close();
            factory.close();
        }
    }
}
