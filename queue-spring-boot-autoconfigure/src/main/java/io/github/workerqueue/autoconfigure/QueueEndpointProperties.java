package io.github.workerqueue.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Properties of the endpoint. */
@ConfigurationProperties("management.endpoint.queues")
class QueueEndpointProperties {

    /** When to show task names that are not from TaskOptions, but the string representation of an item or a task. */
    private Show showValues = Show.NEVER;

    /**
     * Roles used to determine whether a user is authorized to be shown such task names. When empty, all authenticated
     * users are authorized.
     */
    private final Set<String> roles = new LinkedHashSet<>();

    public Show getShowValues() {
        return showValues;
    }

    public void setShowValues(Show showValues) {
        this.showValues = showValues;
    }

    public Set<String> getRoles() {
        return roles;
    }
}
