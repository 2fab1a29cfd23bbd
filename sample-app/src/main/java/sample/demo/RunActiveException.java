package sample.demo;

/** Thrown when a run cannot start because another one is active. */
class RunActiveException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RunActiveException() {
        super("A run is active; wait until it has ended, or cancel it");
    }
}
