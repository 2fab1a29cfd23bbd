package sample.ladder.upstream;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import sample.ladder.UpstreamProperties;

/** Puts the behaviour of a remote service in front of the embedded API. */
@Configuration(proxyBeanMethods = false)
class UpstreamConfiguration implements WebMvcConfigurer {

    private final UpstreamProperties upstream;

    UpstreamConfiguration(UpstreamProperties upstream) {
        this.upstream = upstream;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new RemoteInterceptor(upstream)).addPathPatterns("/lol/**");
    }
}
