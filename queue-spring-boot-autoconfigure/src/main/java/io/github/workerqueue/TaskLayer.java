package io.github.workerqueue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Something around each task of a queue. Both methods are called on the thread that puts, and give what runs in place of the
 * task: on a slot, whose index and times, exception handler and listeners are outside of all layers.
 */
interface TaskLayer {

    /**
     * Surrounds a task that returns its result.
     *
     * @param task the task, perhaps within other layers
     * @param source what the user gave, whose {@code toString()} names the task
     */
    Callable<? extends @Nullable Object> around(Callable<? extends @Nullable Object> task, @Nullable Object source);

    /**
     * Surrounds a task that returns a stage. What is returned in place of that stage passes a {@code cancel(true)} of its
     * {@code toCompletableFuture()} on.
     *
     * @param task the task, perhaps within other layers
     * @param source as above
     */
    Callable<? extends @Nullable CompletionStage<?>> aroundAsync(
            Callable<? extends @Nullable CompletionStage<?>> task, @Nullable Object source);
}
