package sample.ladder;

import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.TaskFailure;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Exception handler that logs and counts failed tasks. It receives the failure of the last attempt. */
@Component
public class FailureLog implements QueueExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(FailureLog.class);

    private Map<String, Integer> counts = new TreeMap<>();

    @Override
    public void handle(TaskFailure failure) {
        Throwable exception = failure.exception();
        log.warn(
                "Queue '{}': {} failed, attempts: {}, {}",
                failure.queue(),
                failure.task(),
                failure.attempts(),
                exception.getMessage());
        count(exception.getClass().getSimpleName());
    }

    private synchronized void count(String type) {
        counts.merge(type, 1, Integer::sum);
    }

    /** Returns the number of failures since the last call, by the simple name of the exception. */
    public synchronized Map<String, Integer> take() {
        Map<String, Integer> taken = counts;
        counts = new TreeMap<>();
        return taken;
    }
}
