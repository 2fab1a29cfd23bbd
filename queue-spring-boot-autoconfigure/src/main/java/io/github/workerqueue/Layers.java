package io.github.workerqueue;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The layers around the tasks of a queue. What is off is not among them; without any, tasks are put as they are. */
final class Layers {

    /** From the inside to the outside. */
    private final List<Layer> layers;

    Layers(Engine engine) {
        this.layers = TaskTimeout.layer(engine).map(List::of).orElse(List.of());
    }

    boolean isEmpty() {
        return layers.isEmpty();
    }

    /** Puts the layers around a task, which keeps its name. */
    @SuppressWarnings("unchecked") // a layer returns what the task does
    <R extends @Nullable Object> Callable<? extends R> around(Callable<? extends R> task) {
        Objects.requireNonNull(task, "task");
        if (layers.isEmpty()) {
            return task;
        }
        Object source = NamedTask.sourceOf(task);
        Callable<? extends @Nullable Object> layered = task;
        for (Layer layer : layers) {
            layered = layer.around(layered, source);
        }
        return (Callable<? extends R>) new NamedTask(layered, source);
    }

    /** Puts the layers around a task that returns a stage. */
    @SuppressWarnings("unchecked") // as above
    Callable<? extends @Nullable CompletionStage<?>> aroundAsync(
            Callable<? extends @Nullable CompletionStage<?>> task) {
        Objects.requireNonNull(task, "task");
        if (layers.isEmpty()) {
            return task;
        }
        Callable<? extends @Nullable CompletionStage<?>> layered = task;
        for (Layer layer : layers) {
            layered = layer.aroundAsync(layered, task);
        }
        return (Callable<? extends @Nullable CompletionStage<?>>) (Callable<?>) new NamedTask(layered, task);
    }
}
