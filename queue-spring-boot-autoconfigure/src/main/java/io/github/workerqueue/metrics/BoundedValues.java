package io.github.workerqueue.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Allowed values of a tag: the announced values, and the first others up to a limit. A decision is final. */
final class BoundedValues {

    private final Set<String> announced;

    private final int limit;

    private final Set<String> admitted = ConcurrentHashMap.newKeySet();

    BoundedValues(Set<String> announced, int limit) {
        this.announced = Set.copyOf(announced);
        this.limit = limit;
    }

    boolean admit(String value) {
        return announced.contains(value) || admitted.contains(value) || admitIfRoom(value);
    }

    private synchronized boolean admitIfRoom(String value) {
        return admitted.contains(value) || (admitted.size() < limit && admitted.add(value));
    }
}
