package sample.demo;

import java.util.ArrayList;
import java.util.List;

/** Samples of the queue of a run, at most {@value #MAX_SAMPLES}. Not thread-safe. */
final class RunSamples {

    static final int MAX_SAMPLES = 600;

    private final List<Sample> samples = new ArrayList<>();

    private long done;

    /**
     * One sample.
     *
     * @param time seconds since the start of the run
     * @param throughput ended tasks per second since the previous sample
     */
    private record Sample(double time, int depth, int active, double throughput) {

        private Sample with(Sample next) {
            return new Sample(next.time, next.depth, next.active, (throughput + next.throughput) / 2);
        }
    }

    /**
     * Adds a sample, given the number of tasks that have ended. Halves the resolution of the others if there is no
     * room.
     */
    void add(double time, int depth, int active, long doneNow) {
        double seconds = samples.isEmpty() ? 0 : time - samples.get(samples.size() - 1).time;
        double throughput = seconds > 0 ? (doneNow - done) / seconds : 0;
        done = doneNow;
        if (samples.size() == MAX_SAMPLES) {
            halve();
        }
        samples.add(new Sample(time, depth, active, throughput));
    }

    /** Keeps the first sample, and merges the others in pairs. */
    private void halve() {
        for (int i = 1; i + 1 < samples.size(); i++) {
            samples.set(i, samples.get(i).with(samples.remove(i + 1)));
        }
    }

    RunView.Samples view() {
        return new RunView.Samples(
                samples.stream().map(Sample::time).map(RunSamples::rounded).toList(),
                samples.stream().map(Sample::depth).toList(),
                samples.stream().map(Sample::active).toList(),
                samples.stream()
                        .map(Sample::throughput)
                        .map(RunSamples::rounded)
                        .toList());
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
