package sample.demo;

import io.github.workerqueue.FrozenIterable;
import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import sample.demo.RunSettings.Job;
import sample.ladder.CallCounter;
import sample.ladder.FailureLog;
import tools.jackson.databind.json.JsonMapper;

/**
 * Job that fetches many matches twice, first consuming and then collecting them, and measures the heap that each way
 * retains.
 */
@Component
class MatchesJob {

    private static final Logger log = LoggerFactory.getLogger(MatchesJob.class);

    private final RunQueues queues;

    private final Runs runs;

    private final RunForm form;

    private final MatchApi api;

    private final MatchStore durations;

    private final CallCounter counter;

    private final FailureLog failures;

    private final JsonMapper json;

    private final SampleProperties sample;

    MatchesJob(
            RunQueues queues,
            Runs runs,
            RunForm form,
            MatchApi api,
            MatchStore durations,
            CallCounter counter,
            FailureLog failures,
            JsonMapper json,
            SampleProperties sample) {
        this.queues = queues;
        this.runs = runs;
        this.form = form;
        this.api = api;
        this.durations = durations;
        this.counter = counter;
        this.failures = failures;
        this.json = json;
        this.sample = sample;
    }

    /** Runs both jobs with the settings of the properties. */
    MatchesSummary run() throws InterruptedException {
        RunSettings consuming = form.defaults(Job.CONSUME);
        List<Match> first = firstMatches(sample.matches().count());
        log.info(
                "Fetching {} matches once before the measurement, so that it does not count buffers and classes",
                first.size());
        try (WorkerQueue<Match> queue = queues.open(consuming)) {
            warmUp(queue, first);
        }
        MatchesSummary.Round consumed = run(runs.add(consuming, Run.COMMAND_LINE));
        MatchesSummary.Round collected = run(runs.add(form.defaults(Job.COLLECT), Run.COMMAND_LINE));
        return new MatchesSummary(sample.matches().count(), sample.toleratedFailures(), consumed, collected);
    }

    /** Fetches some matches before the measurement of a run, so that it does not count buffers and classes. */
    void warmUp(Run run) throws InterruptedException {
        try (WorkerQueue<Match> queue = queues.openUnlimited(run.settings())) {
            run.use(queue);
            warmUp(queue, firstMatches(count(run)));
        }
    }

    private void warmUp(WorkerQueue<Match> queue, List<Match> matches) throws InterruptedException {
        durations.deleteAll();
        queue.executeAll(matches, this::consume);
        queue.join();
    }

    /** Consumes or collects matches, and measures the heap that they retain. */
    MatchesSummary.Round run(Run run) throws InterruptedException {
        if (!collects(run)) {
            durations.deleteAll();
        }
        failures.take();
        List<Match> matches = matches(count(run));
        long before = Heap.used(matches);
        try (WorkerQueue<Match> queue = queues.open(run.settings());
                Progress progress = new Progress(name(run), matches.size(), queue, counter)) {
            progress.start();
            run.start(queue);
            List<Match> joined = fetch(run, queue, matches);
            run.stop();
            long retained = Heap.used(matches, joined) - before;
            int results = collects(run) ? joined.size() : durations.count();
            MatchesSummary.Round round = new MatchesSummary.Round(results, failures.take(), retained);
            boolean complete = round.complete(matches.size(), sample.toleratedFailures());
            run.end(Run.Outcome.of(complete, results, round.failures(), retained));
            return round;
        } catch (InterruptedException | RuntimeException ex) {
            run.end(Run.Outcome.failed(ex));
            throw ex;
        }
    }

    private List<Match> fetch(Run run, WorkerQueue<Match> queue, List<Match> matches) throws InterruptedException {
        if (collects(run)) {
            queue.putAll(matches, this::fetch);
        } else {
            queue.executeAll(FrozenIterable.of(matches), this::consume);
        }
        return queue.join();
    }

    private static boolean collects(Run run) {
        return run.settings().job() == Job.COLLECT;
    }

    private static String name(Run run) {
        return collects(run) ? "Collecting" : "Consuming";
    }

    private int count(Run run) {
        RunSettings.Upstream upstream = run.settings().upstream();
        return upstream == null ? sample.matches().count() : upstream.items();
    }

    private void consume(Match match) {
        int seconds =
                json.readTree(match.json(api)).path("info").path("gameDuration").asInt();
        durations.save(match.id(), seconds);
    }

    private Match fetch(Match match) {
        match.json(api);
        return match;
    }

    private static List<Match> firstMatches(int count) {
        return matches(Math.min(count, 200));
    }

    /** Returns matches with ids that only the embedded API accepts. The real API lists matches by summoner. */
    private static List<Match> matches(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Match("NA1_" + (5_000_000_000L + i)))
                .toList();
    }
}
