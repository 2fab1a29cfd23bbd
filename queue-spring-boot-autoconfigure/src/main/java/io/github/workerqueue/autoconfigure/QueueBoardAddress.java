package io.github.workerqueue.autoconfigure;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Log line with the address of the board, once the application has started, before its runners. */
final class QueueBoardAddress implements ApplicationListener<ApplicationStartedEvent> {

    private static final Logger logger = LoggerFactory.getLogger(QueueBoardAddress.class);

    private final Supplier<PathMappedEndpoints> endpoints;

    private final AtomicBoolean logged = new AtomicBoolean();

    QueueBoardAddress(Supplier<PathMappedEndpoints> endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public void onApplicationEvent(ApplicationStartedEvent event) {
        String address = address(event.getApplicationContext().getEnvironment());
        if (address != null && logged.compareAndSet(false, true)) {
            logger.info("Queue board: {}", address);
        }
    }

    /** Returns the address; null if the application with this environment has no web server. */
    @Nullable
    String address(Environment environment) {
        String serverPort = environment.getProperty("local.server.port");
        String managementPort = environment.getProperty("local.management.port");
        boolean separate = managementPort != null && !managementPort.equals(serverPort);
        String port = separate ? managementPort : serverPort;
        if (port == null) {
            return null;
        }
        String path = Objects.requireNonNull(endpoints.get().getPath(EndpointId.of("queueboard")));
        return (usesSsl(environment, separate ? "management.server.ssl" : "server.ssl") ? "https" : "http")
                + "://localhost:" + port + prefix(environment, separate) + path;
    }

    private static boolean usesSsl(Environment environment, String prefix) {
        return environment.getProperty(prefix + ".enabled", Boolean.class, true)
                && (environment.containsProperty(prefix + ".bundle")
                        || environment.containsProperty(prefix + ".key-store")
                        || environment.containsProperty(prefix + ".certificate"));
    }

    private static String prefix(Environment environment, boolean separate) {
        if (separate) {
            return path(environment, "management.server.base-path");
        }
        return path(environment, "server.servlet.context-path")
                + path(environment, "spring.mvc.servlet.path")
                + path(environment, "spring.webflux.base-path");
    }

    private static String path(Environment environment, String key) {
        String path = environment.getProperty(key, "");
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
