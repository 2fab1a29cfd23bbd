package io.github.workerqueue;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lines that a factory logs once per queue name, for the first 100 names, since a queue may be opened per request. */
final class LogOnce {

    /** Kind of line. */
    enum Notice {
        UNCONFIGURED_NAME,
        UNJOINED_RESULTS,
        UNFINISHED_STAGE,
        BLOCKED_TIMER,
        FAILED_RESOLVER
    }

    private static final int MAX_NAMES = 100;

    /** The names for which a line was logged. */
    private final Map<Notice, Set<String>> logged = new EnumMap<>(Notice.class);

    LogOnce() {
        for (Notice notice : Notice.values()) {
            logged.put(notice, ConcurrentHashMap.newKeySet());
        }
    }

    /** Returns whether the caller should log this line for this name. True at most once per name. */
    boolean isDue(Notice notice, String name) {
        Set<String> names = logged.get(notice);
        return names != null && names.size() < MAX_NAMES && names.add(name);
    }
}
