package io.github.workerqueue;

import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.openjdk.jmh.infra.Blackhole;

/** Work that keeps one core busy for a known time. */
final class CpuWork {

    /** A rate measured before, so that forks that are compared do the same work. */
    static final String PROPERTY = "benchmark.tokensPerMilli";

    private static final int ROUNDS = 200;

    private static final long TOKENS = 1_000_000;

    private CpuWork() {}

    /** How many tokens of {@link Blackhole#consumeCPU} take so long. */
    static long tokens(int micros) {
        Long known = Long.getLong(PROPERTY);
        return (known == null ? tokensPerMilli() : known) * micros / 1000;
    }

    /** A task of so many tokens. */
    static Callable<Object> task(long tokens) {
        return () -> {
            Blackhole.consumeCPU(tokens);
            return Boolean.TRUE;
        };
    }

    /** The quickest of many rounds is the one that nothing interrupted. */
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
