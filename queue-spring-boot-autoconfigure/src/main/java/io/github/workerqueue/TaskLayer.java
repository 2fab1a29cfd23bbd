package io.github.workerqueue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Layer around each task of a queue. Both methods are called on the thread of the producer. They return the callable
 * that runs on a slot in place of the task. Its index and times, the exception handler and the listeners are outside of
 * all layers.
 */
interface TaskLayer {

    /**
     * Surrounds a task that returns its result.
     *
     * @param task the task, possibly within other layers
     * @param source the object of the user whose {@code toString()} names the task
     */
    Callable<? extends @Nullable Object> around(Callable<? extends @Nullable Object> task, @Nullable Object source);

    /**
     * Surrounds a task that returns a stage. A {@code cancel(true)} of the {@code toCompletableFuture()} of the
     * replacing stage is passed on to the original stage.
     *
     * @param task the task, possibly within other layers
     * @param source the object of the user whose {@code toString()} names the task
     */
    Callable<? extends @Nullable CompletionStage<?>> aroundAsync(
            Callable<? extends @Nullable CompletionStage<?>> task, @Nullable Object source);
}
