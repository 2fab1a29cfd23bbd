package io.github.workerqueue.http;

import io.github.workerqueue.RetryAfterResolver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/**
 * Resolver for the {@code Retry-After} header of a response with status 429 or 503, received by a {@code WebClient}, or
 * an HTTP service client that uses one. The header can contain seconds or an HTTP date. A negative, past or unreadable
 * value counts as none. The exception can be the failure or one of its causes.
 *
 * @since 0.1
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
