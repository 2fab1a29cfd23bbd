package io.github.workerqueue;

import java.util.List;

/** The bars of this library for its speed, row by row. */
final class Bars {

    private static final String HAND_OVER = "HandOverBenchmark.handOver";

    private static final String CONSUME = "HandOverBenchmark.consume";

    private static final String CPU = "CpuBenchmark.cpu";

    private static final String IO_FEW = "IoBenchmark.few";

    private static final String IO_MANY = "IoBenchmark.many";

    private static final String IO_HUGE = "IoBenchmark.huge";

    private static final String TEN_TASKS = "RequestBenchmark.tenTasks";

    private static final String METERS_HAND_OVER = "MetersBenchmark.handOver";

    private static final String METERS_CPU = "MetersBenchmark.cpu";

    private static final String QUEUE = "contender=queue-*";

    private static final String FIVE_MICROS = "micros=5";

    private static final int IO_FEW_TASKS = IoBenchmark.FEW * IoBenchmark.FEW_ROUNDS;

    private final Measurements measurements;

    private final Effort effort;

    Bars(Measurements measurements, Effort effort) {
        this.measurements = measurements;
        this.effort = effort;
    }

    List<Row> rows() {
        return List.of(
                handOver("pool-blocking-put").atLeast(30, 25),
                handOver("two-semaphores-virtual").atLeast(8, 5),
                handOver("ring").atLeast(1, 1),
                handOver("spsc-ring").atLeast(1, 1),
                consume("ring").atLeast(1, 1),
                consume("spsc-ring").atLeast(1, 1),
                Row.of(
                                "ProducersBenchmark",
                                "four producers",
                                Unit.RATE,
                                score("ProducersBenchmark.fourProducers", QUEUE))
                        .over("one producer", score("ProducersBenchmark.oneProducer", QUEUE))
                        .atLeast(1, 1),
                cpu(1).atMost(1.15, 1.15),
                cpu(5).atMost(1.05, 1.05),
                cpu(50).atMost(1.05, 1.05),
                Row.of(IO_FEW, "25 x 5 ms of waiting, 10 rounds", Unit.MILLIS, score(IO_FEW, QUEUE))
                        .over("ideal", kind -> IoBenchmark.FEW_ROUNDS * IoBenchmark.MILLIS),
                Row.of(IO_MANY, "1,000 x 5 ms of waiting, 5 rounds", Unit.MILLIS, score(IO_MANY, QUEUE))
                        .over("bare threads of the kind", score(IO_MANY, "contender=sleepers-*"))
                        .atMost(1.08, 1),
                huge("bare threads", "sleepers-virtual").atMostOnVirtual(1.08),
                huge("semaphore-virtual", "semaphore-virtual").atMostOnVirtual(1),
                Row.of(TEN_TASKS, "ten tasks, open to close", Unit.MICROS, score(TEN_TASKS, QUEUE))
                        .over("semaphore-virtual", score(TEN_TASKS, "contender=semaphore-virtual"))
                        .atMost(0.5, 0.75),
                meters(METERS_HAND_OVER, "no-op task"),
                meters(METERS_CPU, "5 µs task"),
                Row.of(
                                HAND_OVER,
                                "allocation, no-op task",
                                Unit.BYTES,
                                measurements.of(Scores::bytes, HAND_OVER, QUEUE))
                        .atMost(16, 16),
                Row.of(
                                CPU,
                                "allocation, 5 µs task",
                                Unit.BYTES,
                                measurements.of(Scores::bytes, CPU, QUEUE, FIVE_MICROS))
                        .atMost(48, 48),
                Row.of(
                                IO_FEW,
                                "allocation, 5 ms of waiting on 25 workers",
                                Unit.BYTES,
                                measurements.of(scores -> scores.bytes() / IO_FEW_TASKS, IO_FEW, QUEUE))
                        .less(
                                "bare threads of the kind",
                                measurements.of(
                                        scores -> scores.bytes() / IO_FEW_TASKS, IO_FEW, "contender=sleepers-*"))
                        .atMostOnVirtual(200),
                Row.of(
                                HAND_OVER,
                                "CPU time, no-op task",
                                Unit.NANOS,
                                measurements.of(Scores::cpuNanos, HAND_OVER, QUEUE))
                        .atMost(400, 400),
                Row.of(
                                CPU,
                                "CPU time, 5 µs task",
                                Unit.NANOS,
                                measurements.of(Scores::cpuNanos, CPU, QUEUE, FIVE_MICROS))
                        .less("the task's own", kind -> 5000)
                        .atMost(1000, 1000),
                wakeUp("from put to start in an idle queue, median", WakeUps.P50)
                        .atMost(100, 100),
                wakeUp("the same, 99th percentile", WakeUps.P99).atMost(1000, 1000),
                Row.of(
                                "LongRun",
                                "last tenth of %,d tasks in 32 MB, over the second".formatted(effort.longRunTasks),
                                Unit.TIMES,
                                measurements.ofMain(
                                        LongRun.class,
                                        LongRun.LAST_TO_SECOND,
                                        List.of("-Xmx32m"),
                                        Long.toString(effort.longRunTasks)))
                        .atMost(1.1, 1.1),
                footprint("idle queue beside its ring", Unit.BYTES, Footprint.BYTES_BESIDE_RING)
                        .atMost(2048, 2048),
                footprint("idle queue that ran a task", Unit.BYTES, Footprint.BYTES_USED),
                footprint("threads of 10,000 idle queues", Unit.COUNT, Footprint.THREADS),
                footprint("CPU time of an idle second of them", Unit.MILLIS, Footprint.IDLE_CPU),
                Row.of(
                                HAND_OVER + " in fresh JVMs",
                                "hand-over in fresh JVMs, the median",
                                Unit.RATE,
                                measurements.ofFresh(Scores::medianOfJvms, HAND_OVER, QUEUE))
                        .over("the slowest", measurements.ofFresh(Scores::lowestOfJvms, HAND_OVER, QUEUE))
                        .atMost(1.5, 1.5));
    }

    /** Returns the benchmarks without a bar, which are measured for their absolute values. */
    List<Measurements.Measured> others() {
        return List.of(
                other(HAND_OVER, "unbounded-pool"),
                other(HAND_OVER, "semaphore-virtual"),
                other(HAND_OVER, "map-concurrent"),
                other(HAND_OVER, "parallel-collectors"),
                other(HAND_OVER, "reactor"),
                other(TEN_TASKS, "map-concurrent"),
                other(TEN_TASKS, "pool-blocking-put"));
    }

    /** Returns the number of tasks that JMH counts as one operation. */
    static int tasksOf(String benchmark) {
        return switch (benchmark) {
            case IO_FEW -> IO_FEW_TASKS;
            case IO_MANY -> IoBenchmark.MANY * IoBenchmark.MANY_ROUNDS;
            case IO_HUGE -> IoBenchmark.HUGE * IoBenchmark.HUGE_ROUNDS;
            case TEN_TASKS -> RequestBenchmark.TASKS;
            default -> 1;
        };
    }

    private Row handOver(String rival) {
        return Row.of(HAND_OVER, "hand-over", Unit.RATE, score(HAND_OVER, QUEUE))
                .over(rival, score(HAND_OVER, "contender=" + rival));
    }

    private Row consume(String rival) {
        return Row.of(CONSUME, "hand-over, no results", Unit.RATE, score(CONSUME, QUEUE))
                .over(rival, score(CONSUME, "contender=" + rival));
    }

    private Row cpu(int micros) {
        String parameter = "micros=" + micros;
        return Row.of(CPU, micros + " µs of computing", Unit.MICROS, score(CPU, QUEUE, parameter))
                .over("unbounded-pool", score(CPU, "contender=unbounded-pool", parameter));
    }

    private Row huge(String name, String rival) {
        return Row.of(IO_HUGE, "10,000 x 50 ms of waiting, 2 rounds", Unit.MILLIS, score(IO_HUGE, QUEUE))
                .over(name, score(IO_HUGE, "contender=" + rival));
    }

    private Row meters(String benchmark, String task) {
        return Row.of(benchmark, "meters, " + task, Unit.NANOS, score(benchmark, QUEUE, "meters=true"))
                .less("without", score(benchmark, QUEUE, "meters=false"))
                .atMost(200, 200);
    }

    private Row wakeUp(String what, String figure) {
        return Row.of("WakeUps", what, Unit.MICROS, measurements.ofMain(WakeUps.class, figure, List.of()));
    }

    private Row footprint(String what, Unit unit, String figure) {
        return Row.of(
                "Footprint", what, unit, measurements.ofMain(Footprint.class, figure, List.of("-XX:+UseSerialGC")));
    }

    private Row.Source score(String benchmark, String... parameters) {
        return measurements.of(Scores::score, benchmark, parameters);
    }

    private static Measurements.Measured other(String benchmark, String contender) {
        return new Measurements.Measured(benchmark, List.of("contender=" + contender));
    }
}
