package sample.ladder;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;

/** The heap of this JVM. */
final class Heap {

    private Heap() {}

    /** Returns the bytes in use after a full collection, with these objects and all that they hold still alive. */
    static long used(Object... held) {
        try {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        } finally {
            Reference.reachabilityFence(held);
        }
    }
}
