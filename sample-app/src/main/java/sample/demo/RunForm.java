package sample.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RateLimit;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import sample.demo.InvalidRunException.Violation;
import sample.demo.RunSettings.Job;
import sample.demo.RunSettings.Upstream;
import sample.demo.upstream.UpstreamProperties;
import tools.jackson.databind.JsonNode;

/** Form of a run. Its defaults are the properties of the sample. A default is allowed, even beyond a maximum. */
@Component
class RunForm {

    private static final List<String> FIELDS =
            List.of("job", "mode", "workers", "maxsize", "rateLimit", "failureShare", "latency", "items");

    /** Maximum number of workers. They call this server, which has 200 threads and also answers other requests. */
    private static final int MAX_WORKERS = 150;

    private static final int MAX_MAXSIZE = 100_000;

    private static final int MAX_LATENCY = 5_000;

    private static final int MAX_MATCHES = 30_000;

    private static final String NOT_EMBEDDED = "since the API is not the embedded one";

    private final QueueFactory queues;

    private final RunQueues runQueues;

    private final JdbcClient jdbc;

    private final SampleProperties sample;

    private final UpstreamProperties upstream;

    RunForm(
            QueueFactory queues,
            RunQueues runQueues,
            JdbcClient jdbc,
            SampleProperties sample,
            UpstreamProperties upstream) {
        this.queues = queues;
        this.runQueues = runQueues;
        this.jdbc = jdbc;
        this.sample = sample;
        this.upstream = upstream;
    }

    /**
     * Defaults and rules of a job. The minimum of each number is 1, but 0 for the latency and the failure share.
     *
     * @param rateLimits possible rate limits in their short form
     * @param maxLatency milliseconds; null if the API is not the embedded one, as is the following component
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rules(
            RunView.Settings defaults,
            List<String> rateLimits,
            int maxWorkers,
            int maxMaxsize,
            @Nullable Integer maxLatency,
            @Nullable Integer maxItems) {}

    /** Returns the rules of the possible jobs, beginning with the default job. */
    List<Rules> rules() {
        return jobs().stream().map(this::rules).toList();
    }

    private Rules rules(Job job) {
        RunSettings defaults = defaults(job);
        Upstream behavior = defaults.upstream();
        return new Rules(
                defaults.view(),
                List.copyOf(rateLimits(job).keySet()),
                Math.max(MAX_WORKERS, defaults.workers()),
                Math.max(MAX_MAXSIZE, defaults.maxsize()),
                behavior == null
                        ? null
                        : Math.max(MAX_LATENCY, (int) behavior.latency().toMillis()),
                behavior == null
                        ? null
                        : Math.max(job == Job.LADDER ? behavior.items() : MAX_MATCHES, behavior.items()));
    }

    /** Returns the settings of the properties. */
    RunSettings defaults(Job job) {
        QueueSettings ofJob = queues.settings(job.queue());
        Upstream behavior =
                upstream.embedded() ? new Upstream(upstream.latency(), upstream.failureShare(), items(job)) : null;
        return new RunSettings(job, ofJob.workers(), ofJob.maxsize(), ofJob.rateLimits(), behavior);
    }

    private int items(Job job) {
        if (job != Job.LADDER) {
            return sample.matches().count();
        }
        return jdbc.sql("SELECT COUNT(*) FROM ladder_entry")
                .query(Integer.class)
                .single();
    }

    /** Returns the possible jobs. Only the embedded API has matches with predictable ids. */
    private List<Job> jobs() {
        if (!upstream.embedded()) {
            return List.of(Job.LADDER);
        }
        return sample.job() == SampleProperties.Job.MATCHES
                ? List.of(Job.CONSUME, Job.COLLECT, Job.LADDER)
                : List.of(Job.LADDER, Job.CONSUME, Job.COLLECT);
    }

    private Map<String, List<RateLimit>> rateLimits(Job job) {
        Map<String, List<RateLimit>> limits = new LinkedHashMap<>();
        runQueues.rateLimits(job).forEach(each -> limits.putIfAbsent(Text.shortForm(each), each));
        return limits;
    }

    /** Returns the settings of a submitted form. A missing field has its default. */
    RunSettings parse(JsonNode form) {
        if (!form.isObject()) {
            String type = form.getNodeType().toString().toLowerCase(Locale.ROOT);
            throw new InvalidRunException(List.of(new Violation(
                    "", type, "a JSON object", "The settings must be a JSON object, but were of the type " + type)));
        }
        FormFields fields = new FormFields(form, FIELDS);
        Job job = job(fields);
        Rules rules = rules(job);
        RunSettings defaults = defaults(job);
        int workers = fields.integer("workers", 1, rules.maxWorkers(), defaults.workers());
        RunSettings settings = new RunSettings(
                job,
                workers,
                fields.integer(
                        "maxsize",
                        1,
                        rules.maxMaxsize(),
                        queues.settings(job.queue()).withWorkers(workers).maxsize()),
                rateLimits(job, fields),
                upstream(rules, defaults.upstream(), fields));
        fields.check();
        return settings;
    }

    private Job job(FormFields fields) {
        List<Job> jobs = jobs();
        String name = fields.choice(
                "job",
                jobs.stream().map(Job::job).distinct().toList(),
                jobs.get(0).job());
        if (name.equals(Job.LADDER.job())) {
            fields.absent("mode", "for the ladder");
            return Job.LADDER;
        }
        List<String> modes = Arrays.stream(Job.values())
                .map(Job::mode)
                .filter(mode -> !mode.isEmpty())
                .toList();
        String mode = fields.choice("mode", modes, Job.CONSUME.mode());
        return mode.equals(Job.COLLECT.mode()) ? Job.COLLECT : Job.CONSUME;
    }

    private List<RateLimit> rateLimits(Job job, FormFields fields) {
        Map<String, List<RateLimit>> allowed = rateLimits(job);
        String first = allowed.keySet().iterator().next();
        String text = fields.text("rateLimit", first);
        List<RateLimit> limits = allowed.get(canonical(text));
        if (limits == null) {
            fields.violate("rateLimit", "one of " + String.join("; ", allowed.keySet()));
            return List.of();
        }
        return limits;
    }

    private static String canonical(String text) {
        try {
            return Text.shortForm(
                    Arrays.stream(text.split(",", -1)).map(RateLimit::valueOf).toList());
        } catch (IllegalArgumentException ex) {
            return text;
        }
    }

    private static @Nullable Upstream upstream(Rules rules, @Nullable Upstream defaults, FormFields fields) {
        if (defaults == null || rules.maxLatency() == null || rules.maxItems() == null) {
            fields.absent("failureShare", NOT_EMBEDDED);
            fields.absent("latency", NOT_EMBEDDED);
            fields.absent("items", NOT_EMBEDDED);
            return null;
        }
        int latency = (int) defaults.latency().toMillis();
        return new Upstream(
                Duration.ofMillis(fields.integer("latency", 0, rules.maxLatency(), latency)),
                fields.share("failureShare", defaults.failureShare()),
                fields.integer("items", 1, rules.maxItems(), defaults.items()));
    }
}
