package io.github.workerqueue;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The threads to which a method of the queue threw an {@link InterruptedException} and that have not used it with success
 * since: for their close, it counts as an interrupt.
 */
final class InterruptedThreads {

    /** Made when it is first needed. */
    private volatile @Nullable Set<Thread> threads;

    InterruptedException remember(InterruptedException ex) {
        made().add(Thread.currentThread());
        return ex;
    }

    private synchronized Set<Thread> made() {
        Set<Thread> remembered = threads;
        if (remembered == null) {
            remembered = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
            threads = remembered;
        }
        return remembered;
    }

    /** Forgets the current thread. Returns whether it was remembered. */
    boolean forget() {
        Set<Thread> remembered = threads;
        return remembered != null && remembered.remove(Thread.currentThread());
    }
}
