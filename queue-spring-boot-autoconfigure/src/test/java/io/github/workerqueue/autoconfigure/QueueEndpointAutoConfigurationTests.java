package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.actuate.QueueEndpoint;
import io.github.workerqueue.actuate.QueueEndpointWebExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for {@link QueueEndpointAutoConfiguration}. */
@Timeout(60)
class QueueEndpointAutoConfigurationTests {

    private static final AutoConfigurations CONFIGURATIONS =
            AutoConfigurations.of(QueueAutoConfiguration.class, QueueEndpointAutoConfiguration.class);

    private final WebApplicationContextRunner contextRunner =
            new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

    @Test
    void endpointIsNotDeclaredUnlessItIsExposed() {
        contextRunner.run(context -> assertThat(context)
                .hasSingleBean(QueueFactory.class)
                .doesNotHaveBean(QueueEndpoint.class)
                .doesNotHaveBean(QueueEndpointWebExtension.class));
    }

    @Test
    void endpointIsDeclaredWhenItIsExposed() {
        exposed()
                .run(context -> assertThat(context)
                        .hasSingleBean(QueueEndpoint.class)
                        .hasSingleBean(QueueEndpointWebExtension.class));
    }

    @Test
    void webExtensionIsNotDeclaredWhenOnlyJmxExposesEndpoint() {
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=queues")
                .run(context -> assertThat(context)
                        .hasSingleBean(QueueEndpoint.class)
                        .doesNotHaveBean(QueueEndpointWebExtension.class));
    }

    @Test
    void endpointIsNotDeclaredWhenAccessIsNone() {
        exposed()
                .withPropertyValues("management.endpoint.queues.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(QueueEndpoint.class));
    }

    @Test
    void endpointIsNotDeclaredWhenQueuesAreDisabled() {
        exposed()
                .withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(QueueEndpoint.class));
    }

    @Test
    void endpointIsNotDeclaredWithoutActuator() {
        exposed()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context ->
                        assertThat(context).hasSingleBean(QueueFactory.class).doesNotHaveBean("queueEndpoint"));
    }

    @Test
    void endpointOfApplicationReplacesDefaultEndpoint() {
        exposed()
                .withUserConfiguration(OwnEndpoint.class)
                .run(context ->
                        assertThat(context).hasSingleBean(QueueEndpoint.class).hasBean("ownEndpoint"));
    }

    private WebApplicationContextRunner exposed() {
        return contextRunner.withPropertyValues("management.endpoints.web.exposure.include=queues");
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnEndpoint {

        @Bean
        QueueEndpoint ownEndpoint(QueueFactory factory) {
            return new QueueEndpoint(List.of(factory), Show.ALWAYS);
        }
    }
}
