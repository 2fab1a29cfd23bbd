package io.github.workerqueue.http;

import io.github.workerqueue.RetryAfterResolver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/**
 * The {@code Retry-After} header of a response with status 429 or 503, received by a {@code WebClient} or an HTTP service client
 * that uses one. The header may have seconds or an HTTP date. A value that is negative, in the past or neither of both counts as
 * none. The exception may be a cause of the failure.
 */
public final class WebClientRetryAfterResolver implements RetryAfterResolver {

    /** Creates a resolver, which has no state. */
    public WebClientRetryAfterResolver() {}

    @Override
    public @Nullable Duration retryAfter(Throwable failure) {
        return RetryAfterHeader.find(
                failure,
                WebClientResponseException.class,
                response -> RetryAfterHeader.of(response.getStatusCode(), response.getHeaders()));
    }
}
