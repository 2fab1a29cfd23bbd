package io.github.workerqueue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A task that never ran, as its user may run it by hand: it throws what the task throws, if need be in a
 * {@link CompletionException}, as nobody else would hear of it.
 *
 * @param task the task
 */
record ReturnedTask(Callable<? extends @Nullable Object> task) implements Runnable {

    @Override
    @SuppressWarnings("InterruptedExceptionSwallowed") // it is not swallowed, the flag is set again
    public void run() {
        try {
            task.call();
        } catch (RuntimeException ex) {
            throw ex;
        } catch (Exception ex) {
            if (ex instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new CompletionException(ex);
        }
    }

    @Override
    public String toString() {
        return NamedTask.nameOf(task);
    }
}
