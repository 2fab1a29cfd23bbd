package sample.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Samples of the queue of a run, at most {@value #MAX_SAMPLES}. Not thread-safe. */
final class RunSamples {

    static final int MAX_SAMPLES = 600;

    private final List<Sample> samples = new ArrayList<>();

    /** Number of ended tasks at the last sample. */
    private long done;

    /** Sum of the depths that were read since the last sample. */
    private long depths;

    private long actives;

    private int reads;

    /**
     * One sample. Its values are means since the previous one.
     *
     * @param time seconds since the start of the run
     * @param throughput ended tasks per second
     */
    private record Sample(double time, double depth, double active, double throughput) {

        private Sample mergedWith(Sample next) {
            return new Sample(
                    next.time,
                    (depth + next.depth) / 2,
                    (active + next.active) / 2,
                    (throughput + next.throughput) / 2);
        }
    }

    /** Adds to the means of the next sample. A single value per second would be in step with some rate limits. */
    void read(int depth, int active) {
        depths += depth;
        actives += active;
        reads++;
    }

    /** Adds a sample, given the number of ended tasks. A full list is first reduced to half of its resolution. */
    void add(double time, long doneNow) {
        double seconds = samples.isEmpty() ? 0 : time - samples.get(samples.size() - 1).time;
        double throughput = seconds > 0 ? (doneNow - done) / seconds : 0;
        double divisor = Math.max(1, reads);
        if (samples.size() == MAX_SAMPLES) {
            halve();
        }
        samples.add(new Sample(time, depths / divisor, actives / divisor, throughput));
        done = doneNow;
        depths = 0;
        actives = 0;
        reads = 0;
    }

    /** Keeps the first sample, and merges the others in pairs. */
    private void halve() {
        for (int i = 1; i + 1 < samples.size(); i++) {
            samples.set(i, samples.get(i).mergedWith(samples.remove(i + 1)));
        }
    }

    RunView.Samples view() {
        return new RunView.Samples(
                column(Sample::time), column(Sample::depth), column(Sample::active), column(Sample::throughput));
    }

    private List<Double> column(ToDoubleFunction<Sample> value) {
        return samples.stream()
                .map(sample -> Math.round(value.applyAsDouble(sample) * 10) / 10.0)
                .toList();
    }
}
