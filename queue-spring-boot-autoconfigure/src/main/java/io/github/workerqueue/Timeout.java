package io.github.workerqueue;

/** The time limit of one blocking call. The only place that computes with the end of a wait, and no value overflows. */
final class Timeout {

    private final long nanos;

    private final long start = System.nanoTime();

    private Timeout(long nanos) {
        this.nanos = nanos;
    }

    /** Begins now and ends after so many nanoseconds: immediately if negative, never if {@link Durations#FOREVER}. */
    static Timeout of(long nanos) {
        return new Timeout(Math.max(0, nanos));
    }

    /** The nanoseconds that are left, 0 or more; {@link Durations#FOREVER} if it never ends. */
    long remaining() {
        return nanos == Durations.FOREVER ? nanos : Math.max(0, nanos - (System.nanoTime() - start));
    }

    /** The rest of this limit, and so many nanoseconds more. */
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
