package io.github.workerqueue;

/** Check for sufficient stack before a step that must not break off halfway. */
final class StackGuard {

    /*
     * A thread may run out of stack at any call, also in the middle of a step that leaves a lock held or a worker slot
     * without a thread. The few steps that every put takes are safe by themselves: see Ring and PutOverflow. All others
     * call this class first. It needs more stack than they do, so a StackOverflowError comes here, where nothing has
     * changed yet.
     *
     * A frame has eight values that are live during the call. It takes about 90 bytes when compiled, and 240 when
     * interpreted, as do the calls of the engine and of the locks and thread pools of the JDK below it.
     */

    /** Number of frames for a put that wakes a worker: 11 KB when compiled. */
    private static final int FRAMES_OF_PUT = 128;

    /** Number of frames for calls that lock, wait or start threads: 17 KB when compiled. */
    private static final int FRAMES = 192;

    /** Always 0. Not final, so that no compiler computes the depth in advance. */
    private static volatile int none;

    private StackGuard() {}

    /** Throws a StackOverflowError if the current thread has too little stack left to change the state of a queue. */
    static void check() {
        descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, none);
    }

    /** Whether the current thread has enough stack left to wake a worker. */
    static boolean hasRoom() {
        try {
            descend(FRAMES_OF_PUT, 1, 2, 3, 4, 5, 6, 7, none);
            return true;
        } catch (StackOverflowError ex) {
            return false;
        }
    }

    private static long descend(int frames, long a, long b, long c, long d, long e, long f, long g, long h) {
        return frames == 0 ? none : descend(frames - 1, b, c, d, e, f, g, h, a) + a + (b ^ c) + (d ^ e) + (f ^ g) + h;
    }
}
