package io.github.workerqueue.autoconfigure;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.Phased;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Trigger that closes the queues of a context if Spring does not call {@link QueueShutdown} in time. */
final class ShutdownTrigger {

    /*
     * Start: on a signal, Spring closes a starting context only after the start, and never if the start waits without
     * a timeout, for example for a queue. Until the end of the start, a shutdown hook of the JVM therefore closes the
     * queues. The hook of Spring Boot runs concurrently, gives up on a start that waits, and ends the logging. A
     * handler of that hook, which precedes the handler of the logging, waits until the abandoned tasks are reported.
     *
     * Stop: a lifecycle bean of an earlier phase may never return from its stop(). Spring waits for it forever, on the
     * thread that would stop the queues. Another thread therefore waits for the maximum time of the earlier phases, and
     * then closes the queues.
     */

    private static final Logger logger = LoggerFactory.getLogger(QueueShutdown.class);

    private static final String TIMEOUT_PER_PHASE = "spring.lifecycle.timeout-per-shutdown-phase";

    private static final Duration DEFAULT_TIMEOUT_PER_PHASE = Duration.ofSeconds(30);

    /** Time in which Spring reaches the phase of the queues after the timeouts of the earlier phases. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final ConfigurableApplicationContext context;

    private final Runnable shutdown;

    private final CountDownLatch stopped = new CountDownLatch(1);

    private final Runnable handler = this::exit;

    private final Object exiting = new Object();

    /** Guarded by {@code exiting}. */
    private boolean exited;

    /** Guarded by {@code this}. */
    private @Nullable Thread hook;

    /** Guarded by {@code this}. */
    private boolean started;

    ShutdownTrigger(ConfigurableApplicationContext context, Runnable shutdown) {
        this.context = context;
        this.shutdown = shutdown;
    }

    /** Closes the queues if the JVM exits before {@link #started()}. */
    synchronized void watchStart() {
        if (hook == null && !started) {
            Thread added = new Thread(this::exit, "queue-shutdown");
            try {
                Runtime.getRuntime().addShutdownHook(added);
                hook = added;
                SpringApplication.getShutdownHandlers().add(handler);
            } catch (IllegalStateException ex) {
                logger.debug("The JVM is already exiting, so no queue is opened", ex);
                shutdown.run();
            }
        }
    }

    /** Closes the queues once. A second call waits for the first. */
    private void exit() {
        synchronized (exiting) {
            if (!exited && !isStarted()) {
                exited = true;
                shutdown.run();
            }
        }
    }

    private synchronized boolean isStarted() {
        return started;
    }

    /** Removes the hook. Call this method after the start of the context, or its failure. */
    synchronized void started() {
        started = true;
        Thread added = hook;
        hook = null;
        if (added != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(added);
                SpringApplication.getShutdownHandlers().remove(handler);
            } catch (IllegalStateException ex) {
                logger.debug("The JVM is already exiting", ex);
            }
        }
    }

    /** Closes the queues if {@link #stopped()} is not called in the time that the earlier phases may take. */
    void watchStop() {
        int phases = earlierPhases();
        if (phases == 0) {
            return;
        }
        Duration limit = timeoutPerPhase().multipliedBy(phases).plus(MARGIN);
        Thread watch = new Thread(() -> awaitStop(limit), "queue-shutdown-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private void awaitStop(Duration limit) {
        try {
            if (!stopped.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                logger.warn(
                        "Lifecycle beans of earlier phases have not stopped within {}, which is longer than {} allows; "
                                + "closing the queues now",
                        DurationFormatterUtils.print(limit, DurationFormat.Style.COMPOSITE),
                        TIMEOUT_PER_PHASE);
                shutdown.run();
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the wait for the stop. Call this method in the phase of the queues. */
    void stopped() {
        stopped.countDown();
    }

    private Duration timeoutPerPhase() {
        return Binder.get(context.getEnvironment())
                .bind(TIMEOUT_PER_PHASE, Duration.class)
                .orElse(DEFAULT_TIMEOUT_PER_PHASE);
    }

    private int earlierPhases() {
        Set<Integer> phases = new TreeSet<>();
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        for (String name : beans.getSingletonNames()) {
            if (beans.getSingleton(name) instanceof Lifecycle bean) {
                int phase = bean instanceof Phased phased ? phased.getPhase() : 0;
                if (phase > QueueShutdown.PHASE) {
                    phases.add(phase);
                }
            }
        }
        return phases.size();
    }
}
