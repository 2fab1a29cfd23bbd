package io.github.workerqueue;

/** Time limit of one blocking call. No other class computes with the end of a wait, and no value overflows. */
final class Timeout {

    private final long nanos;

    private final long start = System.nanoTime();

    private Timeout(long nanos) {
        this.nanos = nanos;
    }

    /**
     * Starts a timeout of this many nanoseconds. Zero or a negative number expires immediately,
     * {@link Durations#FOREVER} never.
     */
    static Timeout of(long nanos) {
        return new Timeout(Math.max(0, nanos));
    }

    /** Returns the remaining nanoseconds, zero or more; {@link Durations#FOREVER} if the timeout never expires. */
    long remaining() {
        return nanos == Durations.FOREVER ? nanos : Math.max(0, nanos - (System.nanoTime() - start));
    }

    /** Returns a timeout of the remaining time and this many nanoseconds more. */
    Timeout plus(long more) {
        long remaining = remaining();
        return of(remaining > Durations.FOREVER - more ? Durations.FOREVER : remaining + more);
    }

    boolean isExpired() {
        return remaining() == 0;
    }

    boolean isEndless() {
        return nanos == Durations.FOREVER;
    }
}
