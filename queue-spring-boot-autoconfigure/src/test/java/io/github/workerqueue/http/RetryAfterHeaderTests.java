package io.github.workerqueue.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.RetryAfterResolver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** Tests for the header {@code Retry-After} in exceptions of both clients. */
@Timeout(20)
class RetryAfterHeaderTests {

    /** A client with its resolver, and with the exception that it throws for a status and headers. */
    private record Client(String name, Failing failing, RetryAfterResolver resolver) {

        Throwable failure(int status, String... values) {
            HttpHeaders headers = new HttpHeaders();
            headers.put(HttpHeaders.RETRY_AFTER, List.of(values));
            return failing.with(status, headers);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private interface Failing {

        Throwable with(int status, HttpHeaders headers);
    }

    static Stream<Client> clients() {
        return Stream.of(
                new Client(
                        "RestClient",
                        (status, headers) -> new RestClientResponseException(
                                "failed", HttpStatus.valueOf(status), "failed", headers, null, null),
                        new RestClientRetryAfterResolver()),
                new Client(
                        "WebClient",
                        (status, headers) -> WebClientResponseException.create(
                                status, "failed", headers, new byte[0], StandardCharsets.UTF_8),
                        new WebClientRetryAfterResolver()));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void secondsAreFoundWhenStatusIs429Or503(Client client) {
        assertThat(client.resolver().retryAfter(client.failure(429, "7"))).isEqualTo(Duration.ofSeconds(7));
        assertThat(client.resolver().retryAfter(client.failure(503, " 120 "))).isEqualTo(Duration.ofMinutes(2));
        assertThat(client.resolver().retryAfter(client.failure(429, "0"))).isEqualTo(Duration.ZERO);
        for (int status : new int[] {301, 400, 404, 413, 500, 502, 504}) {
            assertThat(client.resolver().retryAfter(client.failure(status, "7")))
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void httpDateIsFoundWhenItIsInFuture(Client client) {
        for (String pattern : List.of("EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEE MMM dd HH:mm:ss yyyy")) {
            DateTimeFormatter format =
                    DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);

            assertThat(client.resolver()
                            .retryAfter(client.failure(
                                    503, format.format(Instant.now().plusSeconds(90)))))
                    .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(90));
            assertThat(client.resolver()
                            .retryAfter(client.failure(
                                    503, format.format(Instant.now().minusSeconds(9)))))
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "-3600",
                "+5",
                "1.5",
                "1s",
                "soon",
                "Thu, 99 Foo 2100",
                "7, 8",
                "٣",
                "9999999999999999999999"
            })
    void headerIsIgnoredWhenItsValueIsNeitherSecondsNorDate(String value) {
        clients().forEach(client -> {
            assertThat(client.resolver().retryAfter(client.failure(429, value))).isNull();
        });
    }

    @ParameterizedTest
    @MethodSource("clients")
    void resolverReturnsNullWhenHeaderIsMissing(Client client) {
        assertThat(client.resolver().retryAfter(client.failing().with(429, new HttpHeaders())))
                .isNull();
        assertThat(client.resolver().retryAfter(new IOException("7"))).isNull();
        assertThat(new RestClientRetryAfterResolver()
                        .retryAfter(new RestClientResponseException("", HttpStatus.valueOf(429), "", null, null, null)))
                .isNull();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void headerIsFoundWhenExceptionIsCauseOfFailure(Client client) {
        Throwable inner = client.failure(429, "7");
        Throwable outer = client.failure(500, "8");
        outer.initCause(new IllegalStateException(inner));

        assertThat(client.resolver().retryAfter(new CompletionException(new IOException(inner))))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(client.resolver().retryAfter(outer)).isEqualTo(Duration.ofSeconds(7));
    }
}
