package sample.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.TaskFailure;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the exception handler that counts failures. */
@Timeout(10)
class FailureLogTests {

    private final FailureLog failures = new FailureLog();

    @Test
    void failuresAreCountedByExceptionUntilTaken() {
        failures.handle(new TaskFailure("riot", 0, "a", new IOException(), 1));
        failures.handle(new TaskFailure("riot", 1, "b", new IOException(), 1));
        failures.handle(new TaskFailure("riot", 2, "c", new IllegalStateException(), 1));

        assertThat(failures.take())
                .containsEntry("IOException", 2)
                .containsEntry("IllegalStateException", 1)
                .hasSize(2);
        assertThat(failures.take()).isEmpty();
    }
}
