package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Threads that call the task an equal number of times each, and are joined: the minimum for tasks that sleep, without a
 * queue, a bound or results.
 */
record SleepersContender(int workers, ThreadFactory threads) implements Contender {

    static SleepersContender virtual(int workers) {
        return new SleepersContender(workers, VirtualThreads.factory("contender"));
    }

    static SleepersContender platform(int workers) {
        return new SleepersContender(workers, Contender::daemon);
    }

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) throws Exception {
        List<FutureTask<Integer>> shares = new ArrayList<>(workers);
        List<Thread> started = new ArrayList<>(workers);
        for (int i = 0; i < workers; i++) {
            FutureTask<Integer> share = new FutureTask<>(() -> call(tasks / workers, task));
            Thread thread = threads.newThread(share);
            thread.start();
            shares.add(share);
            started.add(thread);
        }
        for (Thread thread : started) {
            thread.join();
        }
        for (FutureTask<Integer> share : shares) {
            share.get();
        }
        return List.of();
    }

    private static int call(int times, Callable<@Nullable Object> task) throws Exception {
        for (int i = 0; i < times; i++) {
            task.call();
        }
        return times;
    }

    @Override
    public void close() {}
}
