package sample.ladder;

import io.github.workerqueue.QueueClosedException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;
import sample.ladder.SampleProperties.Job;

/** Runs the job of {@code sample.job} when the application is up, and says how it went. */
@Component
class JobRunner implements ApplicationRunner, ExitCodeGenerator, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

    private final ReentrantLock running = new ReentrantLock();

    private final WarmUp warmUp;

    private final LadderJob ladder;

    private final MatchesJob matches;

    private final SampleProperties sample;

    private final ConfigurableApplicationContext context;

    private volatile boolean complete = true;

    JobRunner(
            WarmUp warmUp,
            LadderJob ladder,
            MatchesJob matches,
            SampleProperties sample,
            ConfigurableApplicationContext context) {
        this.warmUp = warmUp;
        this.ladder = ladder;
        this.matches = matches;
        this.sample = sample;
        this.context = context;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        running.lock();
        try {
            if (sample.job() != Job.NONE) {
                warmUp.run();
            }
            if (sample.job() == Job.LADDER || sample.job() == Job.BOTH) {
                print(ladder.run());
            }
            if (sample.job() == Job.MATCHES || sample.job() == Job.BOTH) {
                print(matches.run());
            }
        } catch (QueueClosedException | IllegalStateException ex) {
            // While the application stops, a queue refuses what is put, and the factory to open another queue
            if (!context.isClosed()) {
                throw ex;
            }
            log.warn("Stopped before the job was done");
            complete = false;
        } finally {
            running.unlock();
        }
    }

    private void print(Summary summary) {
        System.out.println(summary);
        complete &= summary.complete();
    }

    @Override
    public int getExitCode() {
        return complete ? 0 : 1;
    }

    /** Lets a job that was stopped store what it has: beans are destroyed before those that they need. */
    @Override
    public void destroy() throws InterruptedException {
        if (running.tryLock(10, TimeUnit.SECONDS)) {
            running.unlock();
        }
    }
}
