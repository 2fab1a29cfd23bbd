package io.github.workerqueue;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Guard of lines that a factory logs once per queue name, for up to 100 names: queues may be opened per request. */
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

    /** Names for which a line was logged. */
    private final Map<Notice, Set<String>> logged = new EnumMap<>(Notice.class);

    LogOnce() {
        for (Notice notice : Notice.values()) {
            logged.put(notice, ConcurrentHashMap.newKeySet());
        }
    }

    /** Whether the caller should log a line for a name. Returns true at most once per name. */
    boolean isDue(Notice notice, String name) {
        Set<String> names = logged.get(notice);
        return names != null && names.size() < MAX_NAMES && names.add(name);
    }
}
