package io.github.workerqueue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** State with one contender for each trial of a benchmark. */
@State(Scope.Benchmark)
public abstract class Contest {

    static final int WORKERS = 25;

    static final int MAXSIZE = 50;

    private @Nullable Contender opened;

    abstract Contender open();

    @Setup
    public void setUp() {
        opened = open();
    }

    @TearDown
    public void tearDown() {
        opened().close();
    }

    Contender opened() {
        return Objects.requireNonNull(opened);
    }
}
