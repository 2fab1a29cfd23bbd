package io.github.workerqueue.actuate;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
 * {@link EndpointWebExtension} of the {@link QueueEndpoint}: it knows who asks, answers 404 where there is no such queue, and
 * 400 with a message that says what is allowed where an argument is wrong.
 */
@EndpointWebExtension(endpoint = QueueEndpoint.class)
public class QueueEndpointWebExtension {

    private final QueueEndpoint endpoint;

    private final Show showValues;

    private final Set<String> roles;

    /**
     * Makes an extension.
     *
     * @param endpoint what it extends
     * @param showValues when to show the names of tasks that were not given
     * @param roles whoever has one of these is authorized to see them; if empty, whoever is authenticated
     */
    public QueueEndpointWebExtension(QueueEndpoint endpoint, Show showValues, Set<String> roles) {
        this.endpoint = endpoint;
        this.showValues = showValues;
        this.roles = roles;
    }

    /**
     * Shows all open queues.
     *
     * @param securityContext who asks
     * @param stacks whether to show what the threads of running tasks do; null for no
     * @return the queues
     */
    @ReadOperation
    public WebEndpointResponse<?> queues(SecurityContext securityContext, @Nullable Boolean stacks) {
        return respond(null, null, () -> endpoint.queues(stacks, showsValues(securityContext)));
    }

    /**
     * Shows the open queues of a name; if none is open, the settings of a configured name.
     *
     * @param securityContext who asks
     * @param name the name
     * @param id the number of the only queue to show; null for all of the name
     * @param stacks whether to show what the threads of running tasks do; null for no
     * @return the queues
     */
    @ReadOperation
    public WebEndpointResponse<?> queue(
            SecurityContext securityContext, @Selector String name, @Nullable String id, @Nullable Boolean stacks) {
        return respond(name, id, () -> endpoint.queue(name, id, stacks, showsValues(securityContext)));
    }

    /**
     * Changes the open queues of a name.
     *
     * @param securityContext who asks
     * @param name the name
     * @param action one of pause, resume, resize, cancel and drain
     * @param workers for resize, how many tasks may run at once
     * @param id the number of the only queue to change; null for all of the name
     * @return the queues, changed
     */
    @WriteOperation
    public WebEndpointResponse<?> change(
            SecurityContext securityContext,
            @Selector String name,
            @Nullable String action,
            @Nullable String workers,
            @Nullable String id) {
        return respond(name, id, () -> endpoint.change(name, action, workers, id, showsValues(securityContext)));
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
