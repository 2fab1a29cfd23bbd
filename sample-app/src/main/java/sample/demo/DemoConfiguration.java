package sample.demo;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.service.registry.ImportHttpServices;

/** Configuration of the second HTTP client, which has the settings of the first one. */
@Configuration(proxyBeanMethods = false)
@ImportHttpServices(group = "riot", types = MatchApi.class)
class DemoConfiguration {}
