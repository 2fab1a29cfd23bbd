package io.github.workerqueue.http;

import io.github.workerqueue.RetryAfterResolver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClientResponseException;

/**
 * The {@code Retry-After} header of a response with status 429 or 503, received by a {@code RestClient}, a {@code RestTemplate} or
 * an HTTP service client that uses one of them. The header may have seconds or an HTTP date. A value that is negative, in the past
 * or neither of both counts as none. The exception may be a cause of the failure.
 */
public final class RestClientRetryAfterResolver implements RetryAfterResolver {

    /** Creates a resolver, which has no state. */
    public RestClientRetryAfterResolver() {}

    @Override
    public @Nullable Duration retryAfter(Throwable failure) {
        return RetryAfterHeader.find(
                failure,
                RestClientResponseException.class,
                response -> RetryAfterHeader.of(response.getStatusCode(), response.getResponseHeaders()));
    }
}
