package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.http.RestClientRetryAfterResolver;
import io.github.workerqueue.http.WebClientRetryAfterResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * {@link AutoConfiguration Auto-configuration} for the {@code Retry-After} header of responses to Spring's HTTP
 * clients.
 *
 * @since 0.1
 */
@AutoConfiguration(before = QueueAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "queue.enabled", matchIfMissing = true)
public final class QueueHttpAutoConfiguration {

    QueueHttpAutoConfiguration() {}

    @Bean
    @ConditionalOnClass(name = "org.springframework.web.client.RestClientResponseException")
    static QueueHttpClient queueRestClient() {
        return new QueueHttpClient(new RestClientRetryAfterResolver());
    }

    @Bean
    @ConditionalOnClass(name = "org.springframework.web.reactive.function.client.WebClientResponseException")
    static QueueHttpClient queueWebClient() {
        return new QueueHttpClient(new WebClientRetryAfterResolver());
    }
}
