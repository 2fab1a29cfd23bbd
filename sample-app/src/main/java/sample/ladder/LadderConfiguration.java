package sample.ladder;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.service.registry.ImportHttpServices;

/** Configuration of the HTTP client. Its address and headers are under {@code spring.http.serviceclient.riot}. */
@Configuration(proxyBeanMethods = false)
@ImportHttpServices(group = "riot", types = LeagueApi.class)
class LadderConfiguration {}
