package sample.demo;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;

/** Measurement of the heap of this JVM. */
final class Heap {

    private Heap() {}

    /** Returns the bytes in use after a full collection, with these objects and everything reachable from them. */
    static long used(Object... held) {
        try {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        } finally {
            Reference.reachabilityFence(held);
        }
    }
}
