package io.github.workerqueue;

/** Check for sufficient stack before a step that must not break off halfway. */
final class StackGuard {

    /*
     * A thread may run out of stack at any call, also in the middle of a step that leaves a lock held or a worker slot
     * without a thread. The few steps that every put takes are safe by themselves: see Ring and Overflow. All others
     * call this class first. It needs more stack than they do, so a StackOverflowError comes here, where nothing has
     * changed yet.
     */

    /** Frames of the check: more bytes than the calls of the engine and of the JDK's locks and thread pools below it take. */
    private static final int FRAMES = 400;

    /** Always 0. Not final, so that no compiler computes the depth in advance. */
    private static volatile int none;

    private StackGuard() {}

    /** Throws a StackOverflowError if the current thread has too little stack left to change the state of a queue. */
    static void check() {
        descend(FRAMES + none);
    }

    /** Whether {@link #check()} passes. */
    static boolean hasRoom() {
        try {
            check();
            return true;
        } catch (StackOverflowError ex) {
            return false;
        }
    }

    private static int descend(int frames) {
        return frames == 0 ? none : descend(frames - 1) + 1;
    }
}
