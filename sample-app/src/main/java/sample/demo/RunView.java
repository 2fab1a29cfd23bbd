package sample.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON of a run. Fields that are null are omitted.
 *
 * @param source {@code page} or {@code command line}
 * @param queue present or last queue of the run; null before it is open
 * @param summary measurements until now, or until the end of the measurement
 * @param error reason why the run failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunView(
        int id,
        String source,
        Instant created,
        String state,
        Settings settings,
        @Nullable Queue queue,
        Summary summary,
        Samples samples,
        @Nullable String error) {

    /**
     * Settings of a run, which are also the body of a POST.
     *
     * @param job {@code ladder} or {@code matches}
     * @param mode {@code consume} or {@code collect}; null for the ladder
     * @param rateLimit rate limits in their short form, or {@code none}
     * @param failureShare share from 0 to 1; null if the API is not the embedded one, as are the following fields
     * @param latency milliseconds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Settings(
            String job,
            @Nullable String mode,
            int workers,
            int maxsize,
            String rateLimit,
            @Nullable Double failureShare,
            @Nullable Long latency,
            @Nullable Integer items) {}

    /** Name and id of a queue. */
    record Queue(String name, long id) {}

    /**
     * Measurements of a run.
     *
     * @param elapsed milliseconds
     * @param done tasks that completed or failed
     * @param results stored or joined results; null during the run
     * @param blocked milliseconds for which the producer was blocked by a full queue
     * @param failures number of failures by exception; null during the run
     * @param retained increase of the heap in use, in bytes; null if it was not measured
     * @param throughput ended tasks per second
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Summary(
            long elapsed,
            long done,
            long calls,
            long retries,
            long failed,
            @Nullable Map<String, Integer> failures,
            long blocked,
            @Nullable Integer results,
            @Nullable Long retained,
            double throughput) {}

    /**
     * Samples of each second, the start and the end. The other values are means since the previous sample.
     *
     * @param time seconds since the start
     * @param throughput ended tasks per second
     */
    record Samples(List<Double> time, List<Double> depth, List<Double> active, List<Double> throughput) {}
}
