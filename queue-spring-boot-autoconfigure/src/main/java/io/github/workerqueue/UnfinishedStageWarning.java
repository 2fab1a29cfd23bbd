package io.github.workerqueue;

import io.github.workerqueue.LogOnce.Notice;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warning about a task that returned an incomplete stage, for which the queue waits only after {@code putAsync}. */
final class UnfinishedStageWarning {

    private static final Logger logger = LoggerFactory.getLogger(QueueLog.NAME + ".async");

    private UnfinishedStageWarning() {}

    /** Warns once per queue name if a task returned a stage that is not done. */
    static void check(QueueContext context, Object task, long index, CompletionStage<?> stage) {
        try {
            if (logger.isWarnEnabled()
                    && !stage.toCompletableFuture().isDone()
                    && context.group.logOnce.isDue(Notice.UNFINISHED_STAGE, context.name)) {
                logger.warn(
                        "Queue '{}': {} returned an incomplete stage ({}). The queue neither waits for it "
                                + "nor handles its failure; put such tasks with putAsync, or switch this logger off",
                        context.name,
                        TaskNames.quotedNameOf(QueuedTask.sourceOf(task), index),
                        stage.getClass().getName());
            }
        } catch (Throwable ex) {
            // an exception of the stage or of the logger does not concern the task
        }
    }
}
