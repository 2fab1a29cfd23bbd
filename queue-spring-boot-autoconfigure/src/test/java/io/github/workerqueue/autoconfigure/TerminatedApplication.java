package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot.State;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** The application of a process that ends. The first argument is the name of the class that configures it. */
final class TerminatedApplication {

    /** Printed by an application that does not finish its start, when its tasks have started. */
    static final String WAITING = "The start waits now";

    /** Printed when the application has started. */
    static final String STARTED = "Application started";

    /** Printed when a bean is destroyed that the tasks need. */
    static final String DESTROYED = "Bean destroyed";

    /** Printed when the context has been closed, with the duration in milliseconds. */
    static final String CLOSED = "Context closed in ms: ";

    /** Exit status of an application that exits in a task. */
    static final int STATUS = 7;

    private TerminatedApplication() {}

    public static void main(String[] args) throws Exception {
        SpringApplication application = new SpringApplication(Base.class, Class.forName(args[0]));
        application.setWebApplicationType(WebApplicationType.NONE);
        Stopwatch stopwatch = new Stopwatch();
        application.addListeners(stopwatch);
        SpringApplication.getShutdownHandlers().add(stopwatch);
        application.run(Arrays.copyOfRange(args, 1, args.length));
        print(STARTED);
        new CountDownLatch(1).await(); // or the JVM could exit after the close of the context, before its task does
    }

    private static void print(String line) {
        System.out.println(line);
    }

    /** Measures the close of the context, from its event until the shutdown hook has closed all contexts. */
    private static final class Stopwatch implements ApplicationListener<ContextClosedEvent>, Runnable {

        private volatile long start;

        @Override
        public void onApplicationEvent(ContextClosedEvent event) {
            start = System.nanoTime();
        }

        @Override
        public void run() {
            if (start != 0) {
                print(CLOSED + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({QueueAutoConfiguration.class, LifecycleAutoConfiguration.class})
    static class Base {

        @Bean
        Needed needed() {
            return new Needed();
        }
    }

    /** A bean behind the queues, which their users need. */
    static final class Needed implements DisposableBean {

        @Override
        public void destroy() {
            print(DESTROYED);
        }
    }

    /** A bean that uses a queue. */
    record User(Object queue, Needed needed) {}

    /** Fills an executor with three tasks that ignore interrupts, two of which run. */
    private static User fill(Executor executor, Needed needed) throws InterruptedException {
        List<Stubborn> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Stubborn task = new Stubborn();
            tasks.add(task);
            executor.execute(task.asRunnable());
        }
        tasks.get(0).awaitStart();
        tasks.get(1).awaitStart();
        return new User(executor, needed);
    }

    private static User fill(WorkerQueue<?> queue, Needed needed) throws InterruptedException {
        return fill(queue.asExecutorService(), needed);
    }

    @Configuration(proxyBeanMethods = false)
    static class StarterFactory {

        @Bean
        User user(QueueFactory factory, Needed needed) throws InterruptedException {
            return fill(factory.open("riot"), needed);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(StarterFactory.class)
    static class OwnFactory {

        @Bean
        QueueFactory own() {
            return QueueFactory.create(QueueSettings.defaults().withWorkers(2));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(StarterFactory.class)
    static class PrototypeFactory {

        @Bean
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        QueueFactory own() {
            return QueueFactory.create(QueueSettings.defaults().withWorkers(2));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class QueueBean {

        @Bean
        WorkerQueue<String> own(QueueFactory factory) {
            return factory.open("riot");
        }

        @Bean
        User user(WorkerQueue<String> own, Needed needed) throws InterruptedException {
            return fill(own, needed);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class QualifiedQueue {

        @Bean
        User user(@Qualifier("riot") WorkerQueue<String> queue, Needed needed) throws InterruptedException {
            return fill(queue, needed);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ExecutorViewBean {

        @Bean(defaultCandidate = false)
        Executor view(QueueFactory factory) {
            return factory.open("riot").asExecutorService();
        }

        @Bean
        User user(@Qualifier("view") Executor view, Needed needed) throws InterruptedException {
            return fill(view, needed);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    @Import(AsyncMethod.Calls.class)
    static class AsyncMethod {

        @Bean
        User user(Calls calls, Needed needed) throws InterruptedException {
            return fill((Executor) calls::run, needed);
        }

        static class Calls {

            @Async("riot")
            void run(Runnable task) {
                task.run();
            }
        }
    }

    /** Puts two long tasks, which end when they are interrupted, one of which starts. */
    private static WorkerQueue<String> putLong(QueueFactory factory) throws InterruptedException {
        WorkerQueue<String> queue = factory.open("riot", settings -> settings.withWorkers(1));
        CountDownLatch started = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            queue.put(
                    () -> {
                        started.countDown();
                        return String.valueOf(new CountDownLatch(1).await(1, TimeUnit.MINUTES));
                    },
                    TaskOptions.named("long " + i));
        }
        started.await();
        print(WAITING);
        return queue;
    }

    @Configuration(proxyBeanMethods = false)
    static class JoinsWhileStarting {

        @Bean
        String joins(QueueFactory factory) throws InterruptedException {
            return putLong(factory).join().toString();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WaitsWhileStarting {

        @Bean
        String waits(QueueFactory factory) throws InterruptedException {
            try (WorkerQueue<String> queue = putLong(factory)) {
                new CountDownLatch(1).await();
                return queue.name();
            }
        }
    }

    /** Waits for something that is not interruptible. */
    @Configuration(proxyBeanMethods = false)
    static class IgnoresInterruptsWhileStarting {

        @Bean
        String waits(QueueFactory factory) throws InterruptedException {
            WorkerQueue<String> queue = putLong(factory);
            new Stubborn().run();
            return queue.name();
        }
    }

    /** Makes the factory only when the JVM exits already. */
    @Configuration(proxyBeanMethods = false)
    static class OpensAfterSignal {

        @Bean
        String opens(ObjectProvider<QueueFactory> factories) {
            AtomicBoolean exiting = new AtomicBoolean();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> exiting.set(true)));
            print(WAITING);
            while (!exiting.get()) {
                LockSupport.parkNanos(1_000_000);
            }
            return factories.getObject().open("late").name();
        }
    }

    /** Puts tasks that end once their queue drains, which they keep reachable. */
    private static void putUntilDrain(QueueFactory factory) throws InterruptedException {
        WorkerQueue<String> queue = factory.open("riot", settings -> settings.withWorkers(1));
        CountDownLatch started = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            String name = "Task " + i;
            queue.execute(() -> {
                started.countDown();
                while (queue.snapshot().state() == State.OPEN) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                print(name + " ended");
            });
        }
        started.await();
    }

    @Configuration(proxyBeanMethods = false)
    static class NeverReportsStop {

        @Bean
        SmartLifecycle earlierPhase(QueueFactory factory) throws InterruptedException {
            putUntilDrain(factory);
            return new EarlierPhase() {
                @Override
                public void stop(Runnable callback) {
                    print("Stop requested");
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NeverReturnsFromStop {

        @Bean
        SmartLifecycle earlierPhase(QueueFactory factory) throws InterruptedException {
            putUntilDrain(factory);
            return new EarlierPhase();
        }
    }

    /** A lifecycle bean of an earlier phase than that of the queues, which never stops. */
    private static class EarlierPhase implements SmartLifecycle {

        private volatile boolean running;

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            new Stubborn().run();
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ExitsInTask {

        @Bean
        ApplicationRunner runner(ConfigurableApplicationContext context, QueueFactory factory) {
            return arguments -> {
                putUntilDrain(factory);
                WorkerQueue<String> closer = factory.open("closer");
                closer.execute(() -> {
                    int status = SpringApplication.exit(context, () -> STATUS);
                    print("Exit returned from task of queue " + closer.name());
                    System.exit(status);
                });
            };
        }
    }
}
