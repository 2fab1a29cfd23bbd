package io.github.workerqueue;

import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.openjdk.jmh.infra.Blackhole;

/** Work that keeps one core busy for a known time. */
final class CpuWork {

    /** Rate that was measured before, so that compared forks do the same work. */
    static final String PROPERTY = "benchmark.tokensPerMilli";

    private static final int ROUNDS = 200;

    private static final long TOKENS = 1_000_000;

    private CpuWork() {}

    /** Returns the number of tokens of {@link Blackhole#consumeCPU} for a duration. */
    static long tokens(int micros) {
        Long known = Long.getLong(PROPERTY);
        return (known == null ? tokensPerMilli() : known) * micros / 1000;
    }

    /** Returns a task that consumes a number of tokens. */
    static Callable<Object> task(long tokens) {
        return () -> {
            Blackhole.consumeCPU(tokens);
            return Boolean.TRUE;
        };
    }

    /** Returns the rate of the fastest of many rounds, which was not interrupted. */
    static long tokensPerMilli() {
        long nanos = LongStream.range(0, ROUNDS)
                .map(round -> {
                    long start = System.nanoTime();
                    Blackhole.consumeCPU(TOKENS);
                    return System.nanoTime() - start;
                })
                .min()
                .orElseThrow();
        return TOKENS * 1_000_000 / nanos;
    }
}
