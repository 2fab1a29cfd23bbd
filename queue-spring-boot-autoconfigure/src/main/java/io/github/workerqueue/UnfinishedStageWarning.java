package io.github.workerqueue;

import io.github.workerqueue.LogOnce.Notice;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warning about a task that returned a stage before it was done, which only {@code putAsync} waits for. */
final class UnfinishedStageWarning {

    private static final Logger logger = LoggerFactory.getLogger(WorkerQueue.class.getName() + ".async");

    private UnfinishedStageWarning() {}

    /** Warns once per queue name if the result of the present task is a stage that is not done. */
    static void check(CurrentTask slot, @Nullable Object result) {
        if (result instanceof CompletionStage<?> stage) {
            check(slot, stage);
        }
    }

    private static void check(CurrentTask slot, CompletionStage<?> stage) {
        QueueEngine engine = slot.engine;
        try {
            if (logger.isWarnEnabled()
                    && !stage.toCompletableFuture().isDone()
                    && engine.owner.notices.isDue(Notice.UNFINISHED_STAGE, engine.name)) {
                logger.warn(
                        "Queue '{}': {} returned an incomplete stage ({}). The queue neither waits for it nor handles its "
                                + "failure; put such tasks with putAsync, or switch this logger off",
                        engine.name,
                        NamedTask.quotedNameOf(slot.task(), slot.outcomes.index()),
                        stage.getClass().getName());
            }
        } catch (Throwable ex) {
            // thrown by the stage or by the logger, and no concern of the task
        }
    }
}
