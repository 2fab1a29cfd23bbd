package sample.ladder.upstream;

import java.util.SplittableRandom;

/** Picks a share of all ids, always the same ones for a seed. */
public record FailureShare(double share, long seed) {

    public boolean hits(String id) {
        return new SplittableRandom(seed * 31 + id.hashCode()).nextDouble() < share;
    }
}
