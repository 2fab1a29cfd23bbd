package sample.demo.upstream;

import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.support.HttpRequestWrapper;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.UriComponentsBuilder;

/** Configuration of the embedded API, and of the clients that call it. */
@Configuration(proxyBeanMethods = false)
class UpstreamConfiguration {

    @Bean
    WebMvcConfigurer remoteBehavior(UpstreamProperties upstream, UpstreamBehavior behavior) {
        return new WebMvcConfigurer() {

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new RemoteInterceptor(upstream, behavior))
                        .addPathPatterns("/lol/**");
            }
        };
    }

    /** Sends all requests to this application. Its port is known only after the clients are built. */
    @Bean
    RestClientHttpServiceGroupConfigurer embeddedAddress(UpstreamProperties upstream, Environment environment) {
        return groups -> {
            if (upstream.embedded()) {
                groups.forEachClient((group, builder) -> builder.requestInterceptor(
                        (request, body, execution) -> execution.execute(new LocalRequest(request, environment), body)));
            }
        };
    }

    private static final class LocalRequest extends HttpRequestWrapper {

        private final int port;

        LocalRequest(HttpRequest request, Environment environment) {
            super(request);
            this.port = environment.getRequiredProperty("local.server.port", Integer.class);
        }

        @Override
        public URI getURI() {
            return UriComponentsBuilder.fromUri(super.getURI())
                    .scheme("http")
                    .host("localhost")
                    .port(port)
                    .build(true)
                    .toUri();
        }
    }
}
