package sample.ladder;

import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.TaskFailure;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Counts the failures of the queues by kind. The starter finds it as the handler that application.yml names. */
@Component
class FailureLog implements QueueExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(FailureLog.class);

    private Map<String, Integer> kinds = new TreeMap<>();

    @Override
    public void handle(TaskFailure failure) {
        log.debug("{} failed", failure.task(), failure.exception());
        count(failure.exception().getClass().getSimpleName());
    }

    private synchronized void count(String kind) {
        kinds.merge(kind, 1, Integer::sum);
    }

    /** Returns what failed since the last call, by kind. */
    synchronized Map<String, Integer> take() {
        Map<String, Integer> taken = kinds;
        kinds = new TreeMap<>();
        return taken;
    }
}
