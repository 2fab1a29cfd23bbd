package io.github.workerqueue.autoconfigure;

/** Thrown when the configuration of queues is invalid. The message describes the fix as well. */
class QueueConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String description;

    private final String action;

    QueueConfigurationException(String description, String action) {
        super(description + " " + action);
        this.description = description;
        this.action = action;
    }

    String description() {
        return description;
    }

    String action() {
        return action;
    }
}
