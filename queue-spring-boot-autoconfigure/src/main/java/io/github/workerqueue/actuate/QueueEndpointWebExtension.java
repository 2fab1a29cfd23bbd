package io.github.workerqueue.actuate;

import java.security.Principal;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension} of the {@link QueueEndpoint}, which takes the user of a request into account. It
 * responds with status 404 if no queue matches, and with status 400 and a message if an argument is invalid.
 *
 * @since 0.1
 */
@EndpointWebExtension(endpoint = QueueEndpoint.class)
public class QueueEndpointWebExtension {

    private static final Logger logger = LoggerFactory.getLogger(QueueEndpointWebExtension.class);

    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]");

    private final QueueEndpoint endpoint;

    private final Show showValues;

    private final Set<String> roles;

    /**
     * Creates an extension.
     *
     * @param endpoint the endpoint
     * @param showValues the condition for showing names that are not from the {@code TaskOptions}
     * @param roles the roles that authorize a user to see these names; if empty, every authenticated user is authorized
     */
    public QueueEndpointWebExtension(QueueEndpoint endpoint, Show showValues, Set<String> roles) {
        this.endpoint = endpoint;
        this.showValues = showValues;
        this.roles = roles;
    }

    /**
     * Shows all open queues.
     *
     * @param securityContext the user of the request
     * @param stacks whether to show the stacks of the running tasks; {@code null} for no
     * @return the response with the queues
     */
    @ReadOperation
    public WebEndpointResponse<?> queues(SecurityContext securityContext, @Nullable Boolean stacks) {
        return respond(null, null, () -> endpoint.queues(stacks, showsValues(securityContext)));
    }

    /**
     * Shows the open queues of a name, or the settings of a configured name without an open queue.
     *
     * @param securityContext the user of the request
     * @param name the name
     * @param id the ID of a single queue, unique in the JVM; {@code null} for all queues of the name
     * @param stacks whether to show the stacks of the running tasks; {@code null} for no
     * @return the response with the queues
     */
    @ReadOperation
    public WebEndpointResponse<?> queue(
            SecurityContext securityContext, @Selector String name, @Nullable String id, @Nullable Boolean stacks) {
        return respond(name, id, () -> endpoint.queue(name, id, stacks, showsValues(securityContext)));
    }

    /**
     * Changes the open queues of a name. A line at INFO has the queues, the change and the user.
     *
     * @param securityContext the user of the request
     * @param name the name
     * @param action the action: pause, resume, resize, cancel or drain
     * @param workers the number of workers, only for resize
     * @param id the ID of a single queue, unique in the JVM; {@code null} for all queues of the name
     * @return the response with the changed queues
     */
    @WriteOperation
    public WebEndpointResponse<?> change(
            SecurityContext securityContext,
            @Selector String name,
            @Nullable String action,
            @Nullable String workers,
            @Nullable String id) {
        return respond(
                name,
                id,
                () -> endpoint.change(
                        name,
                        action,
                        workers,
                        id,
                        showsValues(securityContext),
                        effect -> logger.info("{}, requested by {}", effect, userName(securityContext))));
    }

    /** Returns the name of the user without control characters, which could forge a log line. */
    private static String userName(SecurityContext securityContext) {
        Principal user = securityContext.getPrincipal();
        String name = user == null ? null : user.getName();
        return name == null ? "anonymous" : CONTROL_CHARACTERS.matcher(name).replaceAll("?");
    }

    private boolean showsValues(SecurityContext securityContext) {
        return showValues.isShown(securityContext, roles);
    }

    private static WebEndpointResponse<?> respond(
            @Nullable String name, @Nullable String id, Supplier<@Nullable QueuesDescriptor> operation) {
        try {
            QueuesDescriptor queues = operation.get();
            return queues == null
                    ? refuse(WebEndpointResponse.STATUS_NOT_FOUND, notOpen(name, id))
                    : new WebEndpointResponse<>(queues);
        } catch (InvalidEndpointRequestException ex) {
            return refuse(WebEndpointResponse.STATUS_BAD_REQUEST, String.valueOf(ex.getMessage()));
        }
    }

    private static WebEndpointResponse<?> refuse(int status, String message) {
        return new WebEndpointResponse<>(OperationResponseBody.of(Map.of("message", message)), status);
    }

    private static String notOpen(@Nullable String name, @Nullable String id) {
        return "No queue named '" + name + (id == null ? "' is open" : "' with the id " + id + " is open");
    }
}
