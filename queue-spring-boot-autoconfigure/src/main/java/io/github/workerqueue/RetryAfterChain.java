package io.github.workerqueue;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Chain of resolvers, of which the first non-null delay counts.
 *
 * @param links the resolvers, none of which is a chain
 */
record RetryAfterChain(List<RetryAfterResolver> links) implements RetryAfterResolver {

    static RetryAfterResolver of(List<? extends RetryAfterResolver> resolvers) {
        List<RetryAfterResolver> links =
                resolvers.stream().flatMap(resolver -> links(resolver).stream()).toList();
        return links.size() == 1 ? links.get(0) : new RetryAfterChain(links);
    }

    private static List<RetryAfterResolver> links(RetryAfterResolver resolver) {
        return resolver instanceof RetryAfterChain chain ? chain.links : List.of(resolver);
    }

    /** Returns the delay that a resolver requests. A link that throws is reported and skipped. */
    static @Nullable Duration ask(RetryAfterResolver resolver, Throwable failure, Consumer<Throwable> failed) {
        for (RetryAfterResolver link : links(resolver)) {
            try {
                Duration wait = link.retryAfter(failure);
                if (wait != null) {
                    return wait;
                }
            } catch (Throwable ex) {
                failed.accept(ex);
            }
        }
        return null;
    }

    @Override
    public @Nullable Duration retryAfter(Throwable failure) {
        return ask(this, failure, ex -> {});
    }
}
