package io.github.workerqueue.board;

import io.github.workerqueue.QueueFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Application with a web server and the board, started for a test. */
final class BoardApplication implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private final String board;

    BoardApplication(String... properties) {
        this(Application.class, WebApplicationType.SERVLET, "/actuator/queueboard", properties);
    }

    BoardApplication(Class<?> application, WebApplicationType type, String path, String... properties) {
        context = new SpringApplicationBuilder(application)
                .web(type)
                .properties("server.port=0", "management.endpoints.web.exposure.include=queueboard,queues")
                .run(properties);
        board = path;
    }

    QueueFactory factory() {
        return context.getBean(QueueFactory.class);
    }

    QueueBoard recorder() {
        return context.getBean(QueueBoard.class);
    }

    /** Returns the address of the board. */
    String address() {
        String port = context.getEnvironment().getProperty("local.management.port");
        port = port != null ? port : context.getEnvironment().getRequiredProperty("local.server.port");
        return "http://localhost:" + port + board;
    }

    /** Returns the response to a path below the board. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, null, "*/*");
    }

    HttpResponse<String> get(String path, @Nullable String user, String accept)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address() + path)).header("Accept", accept);
        if (user != null) {
            request.header("Authorization", authorization(user));
        }
        return send(request.build());
    }

    /** Sends a request over a connection of its own, since a server may close one after an invalid request. */
    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static UserDetails user(String name, String role) {
        return User.withUsername(name).password("{noop}password").roles(role).build();
    }

    /** Returns the value of the header of a user. */
    static String authorization(String user) {
        String credentials = user + ":password";
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Pauses the queues of a name by a POST to the endpoint {@code queues} next to the board. */
    HttpResponse<String> pause(String name, String... headers) throws IOException, InterruptedException {
        URI uri = URI.create(address()).resolve("queues/" + name);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .headers(headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"pause\"}"))
                .build();
        return send(request);
    }

    String json(String path) throws IOException, InterruptedException {
        return Objects.requireNonNull(get(path).body());
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebSecurity
    static class CsrfApplication {

        @Bean
        SecurityFilterChain filterChain(HttpSecurity http) {
            return http.securityMatcher("/actuator/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("OPERATOR"))
                    .httpBasic(Customizer.withDefaults())
                    .csrf(CsrfConfigurer::spa)
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(user("viewer", "VIEWER"), user("operator", "OPERATOR"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebSecurity
    static class SecuredApplication {

        @Bean
        SecurityFilterChain filterChain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(AbstractHttpConfigurer::disable)
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(user("viewer", "VIEWER"), user("operator", "OPERATOR"));
        }
    }
}
