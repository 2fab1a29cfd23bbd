package io.github.workerqueue.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/** The {@code Retry-After} header of RFC 9110: a number of seconds, or an HTTP date. */
final class RetryAfterHeader {

    private static final int TOO_MANY_REQUESTS = 429;

    private static final int SERVICE_UNAVAILABLE = 503;

    private static final String SECONDS = "\\d{1,18}";

    private static final int MAX_CAUSES = 100;

    private RetryAfterHeader() {}

    /** Returns the first delay of an exception of this type, among the failure and its causes. */
    static <E extends Throwable> @Nullable Duration find(
            Throwable failure, Class<E> type, Function<E, @Nullable Duration> header) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            Duration wait = type.isInstance(cause) ? header.apply(type.cast(cause)) : null;
            if (wait != null) {
                return wait;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** Returns the delay that a response requests; null if there is none. */
    static @Nullable Duration of(HttpStatusCode status, @Nullable HttpHeaders headers) {
        boolean limited = status.value() == TOO_MANY_REQUESTS || status.value() == SERVICE_UNAVAILABLE;
        String value = headers == null || !limited ? null : headers.getFirst(HttpHeaders.RETRY_AFTER);
        if (headers == null || value == null) {
            return null;
        }
        return value.strip().matches(SECONDS) ? Duration.ofSeconds(Long.parseLong(value.strip())) : untilDate(headers);
    }

    private static @Nullable Duration untilDate(HttpHeaders headers) {
        try {
            ZonedDateTime date = headers.getFirstZonedDateTime(HttpHeaders.RETRY_AFTER);
            Duration wait = date == null ? Duration.ZERO : Duration.between(Instant.now(), date.toInstant());
            return wait.isNegative() || wait.isZero() ? null : wait;
        } catch (IllegalArgumentException ex) {
            return null;
        }
    }
}
