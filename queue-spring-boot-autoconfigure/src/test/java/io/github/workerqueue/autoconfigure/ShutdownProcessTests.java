package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests for the end of a process with open queues. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "destroying a process there gives it no time to shut down")
@Timeout(60)
class ShutdownProcessTests {

    private static final Duration PERIOD = Duration.ofMillis(500);

    /** Maximum time until the queues are closed, even if their tasks ignore interrupts. */
    private static final Duration LIMIT = PERIOD.plusSeconds(1);

    /** Time for the JVM and Spring, on a slow machine. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(2);

    private static final int TERMINATED = 128 + 15;

    @ParameterizedTest
    @ValueSource(
            classes = {
                TerminatedApplication.StarterFactory.class,
                TerminatedApplication.OwnFactory.class,
                TerminatedApplication.PrototypeFactory.class,
                TerminatedApplication.QueueBean.class,
                TerminatedApplication.QualifiedQueue.class,
                TerminatedApplication.AsyncMethod.class,
                TerminatedApplication.ExecutorViewBean.class
            })
    void processExitsWithinPeriodWhenTasksIgnoreInterrupts(Class<?> declaration) throws Exception {
        try (ApplicationProcess process = start(declaration, "--queue.workers=2", "--queue.instances.riot.workers=2")) {
            process.awaitLog(TerminatedApplication.STARTED);
            Duration took = process.terminateAndAwaitExit();
            assertThat(process.awaitExit()).as(process.log()).isEqualTo(TERMINATED);
            assertThat(process.log())
                    .containsOnlyOnce("abandoned 3 unfinished tasks on close (2 started, 1 not started)")
                    .containsPattern("Queue 'riot': task 0 '.*' was abandoned after it started")
                    .containsPattern("Queue 'riot': task 1 '.*' was abandoned after it started")
                    .containsPattern("Queue 'riot': task 2 '.*' was abandoned before it started")
                    .containsOnlyOnce(TerminatedApplication.DESTROYED);
            assertThat(closed(process)).as(process.log()).isBetween(PERIOD, LIMIT);
            assertThat(took).as(process.log()).isLessThan(LIMIT.plus(ALLOWANCE));
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                TerminatedApplication.JoinsWhileStarting.class,
                TerminatedApplication.WaitsWhileStarting.class,
                TerminatedApplication.IgnoresInterruptsWhileStarting.class
            })
    void processExitsWithinPeriodWhenContextIsStarting(Class<?> declaration) throws Exception {
        try (ApplicationProcess process = start(declaration)) {
            process.awaitLog(TerminatedApplication.WAITING);
            Duration took = process.terminateAndAwaitExit();
            assertThat(process.awaitExit()).as(process.log()).isEqualTo(TERMINATED);
            assertThat(process.log())
                    .containsOnlyOnce("Queue 'riot': task 0 'long 0' was abandoned after it started")
                    .containsOnlyOnce("Queue 'riot': task 1 'long 1' was abandoned before it started");
            assertThat(took).as(process.log()).isLessThan(LIMIT.plus(ALLOWANCE));
        }
    }

    @Test
    void processExitsAndOpensNoQueueWhenFactoryIsMadeAfterSignal() throws Exception {
        try (ApplicationProcess process = start(TerminatedApplication.OpensAfterSignal.class)) {
            process.awaitLog(TerminatedApplication.WAITING);
            Duration took = process.terminateAndAwaitExit();
            assertThat(process.log()).contains("does not open queue 'late'");
            assertThat(took).as(process.log()).isLessThan(LIMIT.plus(ALLOWANCE));
        }
    }

    @Test
    void queuesDrainWhenLifecycleBeanNeverReportsItsStop() throws Exception {
        try (ApplicationProcess process = start(
                TerminatedApplication.NeverReportsStop.class,
                "--spring.lifecycle.timeout-per-shutdown-phase=1s",
                "--logging.level.io.github.workerqueue=info")) {
            process.awaitLog(TerminatedApplication.STARTED);
            Duration took = process.terminateAndAwaitExit();
            assertThat(process.awaitExit()).as(process.log()).isEqualTo(TERMINATED);
            assertThat(process.log())
                    .containsSubsequence(
                            "Stop requested",
                            "Queue 'riot': draining ",
                            "Task 0 ended",
                            "Task 1 ended",
                            "Queue 'riot': drained in ",
                            TerminatedApplication.DESTROYED)
                    .doesNotContain("was abandoned");
            assertThat(took)
                    .as(process.log())
                    .isLessThan(Duration.ofSeconds(1).plus(LIMIT).plus(ALLOWANCE));
        }
    }

    @Test
    void queuesDrainWhenLifecycleBeanNeverReturnsFromItsStop() throws Exception {
        try (ApplicationProcess process = start(
                TerminatedApplication.NeverReturnsFromStop.class, "--spring.lifecycle.timeout-per-shutdown-phase=1s")) {
            process.awaitLog(TerminatedApplication.STARTED);
            process.terminate();
            process.awaitLog("Task 1 ended");
            assertThat(process.log())
                    .containsSubsequence(
                            "Lifecycle beans of earlier phases have not stopped within 2s",
                            "Task 0 ended",
                            "Task 1 ended")
                    .doesNotContain("was abandoned", TerminatedApplication.DESTROYED);
            assertThat(process.isAlive()).isTrue();
        }
    }

    @Test
    void processExitsWithStatusOfTaskThatClosesContext() throws Exception {
        try (ApplicationProcess process = ApplicationProcess.start(
                TerminatedApplication.ExitsInTask.class, "--queue.shutdown.await-termination-period=20s")) {
            assertThat(process.awaitExit()).as(process.log()).isEqualTo(TerminatedApplication.STATUS);
            assertThat(process.log())
                    .containsSubsequence(
                            "Task 0 ended", "Task 1 ended", TerminatedApplication.DESTROYED, "Exit returned")
                    .doesNotContain("was abandoned");
            assertThat(closed(process)).isLessThan(Duration.ofSeconds(5));
        }
    }

    private static ApplicationProcess start(Class<?> configuration, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 1];
        all[0] = "--queue.shutdown.await-termination-period=" + PERIOD.toMillis() + "ms";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return ApplicationProcess.start(configuration, all);
    }

    /** Returns the duration of the close of the context. */
    private static Duration closed(ApplicationProcess process) {
        return process.log()
                .lines()
                .filter(line -> line.startsWith(TerminatedApplication.CLOSED))
                .map(line -> Duration.ofMillis(Long.parseLong(line.substring(TerminatedApplication.CLOSED.length()))))
                .findFirst()
                .orElseThrow();
    }
}
