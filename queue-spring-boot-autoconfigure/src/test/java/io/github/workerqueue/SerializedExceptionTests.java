package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests for the serialization of exceptions with results. The results are omitted, as they may not be serializable. */
class SerializedExceptionTests {

    private static final List<Object> RESULTS = List.of(new Object());

    @Test
    void failedExceptionIsSerializedWithoutResults() throws Exception {
        QueueFailedException failed = new QueueFailedException("failed", new IOException("why"), RESULTS);
        assertThat(failed.results()).isEqualTo(RESULTS);

        QueueFailedException copy = copy(failed);

        assertThat(copy).hasMessage("failed").hasRootCauseMessage("why");
        assertThat(copy.results()).isEmpty();
    }

    @Test
    void deadlineExceptionIsSerializedWithoutResults() throws Exception {
        QueueDeadlineException missed = new QueueDeadlineException("missed", RESULTS);
        assertThat(missed.results()).isEqualTo(RESULTS);

        QueueDeadlineException copy = copy(missed);

        assertThat(copy).hasMessage("missed");
        assertThat(copy.results()).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> E copy(E exception) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exception);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (E) in.readObject();
        }
    }
}
