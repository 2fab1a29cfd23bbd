package io.github.workerqueue;

import io.github.workerqueue.metrics.QueueMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Cost of the meters per task, with the registry of an application. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MetersBenchmark {

    private static final int TASKS = 100_000;

    private static final int CPU_TASKS = 20_000;

    /** Contender that runs the tasks, with or without meters. */
    public static class Runner extends Contest {

        @Param({"queue-virtual", "queue-platform"})
        public String contender = "";

        @Param({"false", "true"})
        public boolean meters;

        private long tokens;

        @Override
        Contender open() {
            QueueFactory.Builder builder = QueueFactory.builder()
                    .defaults(QueueContender.settings(WORKERS, MAXSIZE, QueueContender.isVirtual(contender)));
            if (meters) {
                builder.listener(new QueueMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
            }
            return new QueueContender(builder.build());
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
}
