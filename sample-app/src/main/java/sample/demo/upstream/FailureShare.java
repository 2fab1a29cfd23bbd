package sample.demo.upstream;

import java.util.SplittableRandom;

/** Share of all ids. The same seed selects the same ids. */
public record FailureShare(double share, long seed) {

    public boolean hits(String id) {
        return new SplittableRandom(seed * 31 + id.hashCode()).nextDouble() < share;
    }
}
