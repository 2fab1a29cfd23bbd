package sample.demo;

import java.util.List;

/** Thrown when the settings of a run are invalid. */
class InvalidRunException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Violation> violations;

    InvalidRunException(List<Violation> violations) {
        super("The settings of the run are invalid: " + violations);
        this.violations = violations;
    }

    List<Violation> violations() {
        return violations;
    }

    /**
     * Invalid field.
     *
     * @param value the first characters of the value
     * @param allowed description of the allowed values
     */
    record Violation(String field, String value, String allowed, String message) {}
}
