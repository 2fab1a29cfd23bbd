package io.github.workerqueue.http;

import io.github.workerqueue.RetryAfterResolver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClientResponseException;

/**
 * Resolver for the {@code Retry-After} header of a response with status 429 or 503, received by a {@code RestClient}, a
 * {@code RestTemplate}, or an HTTP service client that uses one of them. The header can contain seconds or an HTTP
 * date. A negative, past or unreadable value counts as none. The exception can be the failure or one of its causes.
 *
 * @since 0.1
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
