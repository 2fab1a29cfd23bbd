package io.github.workerqueue.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.workerqueue.board.BoardDescriptor.FailedTaskDescriptor;
import io.github.workerqueue.board.BoardDescriptor.FailureGroupDescriptor;
import io.github.workerqueue.board.BoardDescriptor.FailuresDescriptor;
import io.github.workerqueue.board.FailureLog.FailedTask;
import io.github.workerqueue.board.FailureLog.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the failures of a name. */
@Timeout(60)
class FailureLogTests {

    private static final int ANY_LENGTH = 10_000;

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final FailureLog log = new FailureLog();

    @Test
    void failuresAreGroupedByExceptionWithNewestFirst() {
        add("A", 0);
        add("B", 1);
        add("A", 2);
        assertThat(after(0))
                .isEqualTo(new FailuresDescriptor(
                        3,
                        3,
                        List.of(
                                new FailureGroupDescriptor(
                                        "A",
                                        2,
                                        "message 2",
                                        "2026-01-01T12:00:02Z",
                                        List.of(
                                                new FailedTaskDescriptor("name 2", 2, 1, 7),
                                                new FailedTaskDescriptor("name 0", 0, 1, 7))),
                                new FailureGroupDescriptor(
                                        "B",
                                        1,
                                        "message 1",
                                        "2026-01-01T12:00:01Z",
                                        List.of(new FailedTaskDescriptor("name 1", 1, 1, 7))))));
    }

    @Test
    void failuresAreMissingWhenVersionIsKnown() {
        assertThat(log.after(0, true, ANY_LENGTH)).isNull();
        add("A", 0);
        assertThat(log.after(1, true, ANY_LENGTH)).isNull();
        add("A", 1);
        assertThat(after(1).version()).isEqualTo(2);
    }

    @Test
    void messagesAndNamesAreHiddenWhenValuesAreHidden() {
        add("A", 0);
        log.add("B", NOON, new Failure("B", "secret", 7, 1, new FailedTask("given", true, "Type", 3)));
        FailuresDescriptor failures = Objects.requireNonNull(log.after(0, false, ANY_LENGTH));
        assertThat(failures.groups())
                .extracting(FailureGroupDescriptor::message)
                .containsOnlyNulls();
        assertThat(failures.groups())
                .flatExtracting(FailureGroupDescriptor::tasks)
                .extracting(FailedTaskDescriptor::task)
                .containsExactly("given", "Type 0");
    }

    @Test
    void onlyLastFailuresAreKeptButAllAreCounted() {
        for (int i = 0; i < 150; i++) {
            add(i < 50 ? "old" : "new", i);
        }
        FailuresDescriptor failures = after(0);
        assertThat(failures.total()).isEqualTo(150);
        assertThat(failures.groups())
                .extracting(FailureGroupDescriptor::exception, FailureGroupDescriptor::count)
                .containsExactly(tuple("new", 100L), tuple("old", 50L));
        assertThat(failures.groups().get(0).tasks()).hasSize(FailureLog.MAX_TASKS);
        assertThat(failures.groups().get(1).tasks()).isEmpty();
    }

    @Test
    void newestGroupsAreReturnedAndFurtherExceptionsAreCountedTogether() {
        for (int i = 0; i < 60; i++) {
            add("E" + i, i);
        }
        FailuresDescriptor failures = after(0);
        assertThat(failures.groups()).hasSize(FailureLog.MAX_GROUPS);
        assertThat(failures.groups().get(0).exception()).isEqualTo("other");
        assertThat(failures.groups().get(0).count()).isEqualTo(10);
        assertThat(failures.groups().get(0).tasks()).hasSize(FailureLog.MAX_TASKS);
        assertThat(failures.groups().get(1).exception()).isEqualTo("E49");
    }

    @Test
    void failureIsCountedWhenItIsNotDescribed() {
        log.add("A", NOON, null);
        assertThat(after(0).groups())
                .containsExactly(new FailureGroupDescriptor("A", 1, null, "2026-01-01T12:00:00Z", List.of()));
    }

    @Test
    void groupsAndTasksAreFewerWhenLengthIsLimited() {
        for (int i = 0; i < 30; i++) {
            add("E" + i % 3, i);
        }
        FailuresDescriptor failures = Objects.requireNonNull(log.after(0, true, 420));
        assertThat(failures.groups())
                .extracting(FailureGroupDescriptor::exception)
                .containsExactly("E2", "E1", "E0");
        assertThat(failures.groups())
                .flatExtracting(FailureGroupDescriptor::tasks)
                .hasSize(1);
        assertThat(Objects.requireNonNull(log.after(0, true, 0)).groups()).hasSize(1);
    }

    private FailuresDescriptor after(long since) {
        return Objects.requireNonNull(log.after(since, true, ANY_LENGTH));
    }

    private void add(String exception, int index) {
        FailedTask task = new FailedTask("name " + index, false, "Type " + index, 1);
        log.add(exception, NOON.plusSeconds(index), new Failure(exception, "message " + index, 7, index, task));
    }
}
