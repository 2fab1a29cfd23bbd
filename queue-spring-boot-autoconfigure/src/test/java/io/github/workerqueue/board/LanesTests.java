package io.github.workerqueue.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.board.BoardDescriptor.LaneDescriptor;
import io.github.workerqueue.board.BoardDescriptor.LanesDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the cells of the lanes. */
@Timeout(60)
class LanesTests {

    private static final long SECOND = 1_000_000_000;

    private static final int ANY_LENGTH = 10_000;

    private final Lanes lanes = new Lanes(0);

    private long second;

    @Test
    void cellHasBusyShareAndOutcomeOfEndedTasks() {
        lanes.finished(1, 0, SECOND / 2, Outcome.SUCCESS);
        lanes.finished(2, 1, SECOND, Outcome.CANCELLED);
        lanes.finished(3, 2, 1, Outcome.SUCCESS);
        complete(4);
        assertThat(cells(1)).isEqualTo("5s.");
        assertThat(cells(2)).isEqualTo("9c.");
        assertThat(cells(3)).isEqualTo("1s.");
        assertThat(cells(4)).isEqualTo("0-.");
    }

    @Test
    void failureIsShownBeforeRetryCancellationAndSuccess() {
        lanes.finished(1, 0, 1, Outcome.FAILURE);
        lanes.retried(1, 1);
        lanes.finished(1, 2, 1, Outcome.SUCCESS);
        lanes.retried(2, 3);
        lanes.finished(2, 4, 1, Outcome.CANCELLED);
        complete(2);
        assertThat(cells(1)).isEqualTo("1f.");
        assertThat(cells(2)).isEqualTo("1r.");
    }

    @Test
    void runningTaskIsBusyInEachOfItsSecondsAndCountedOnce() {
        complete(1, running(1, 7, Duration.ofMillis(500)));
        complete(1, running(1, 7, Duration.ofMillis(1_500)));
        lanes.finished(1, 7, Duration.ofMillis(1_700).toNanos(), Outcome.SUCCESS);
        complete(1);
        assertThat(cells(1)).isEqualTo("5-.9-.2s.");
    }

    @Test
    void nextTaskIsNotCreditedWithTimeOfPreviousTask() {
        complete(1, running(1, 7, Duration.ofMillis(900)));
        lanes.finished(1, 7, Duration.ofMillis(900).toNanos(), Outcome.SUCCESS);
        lanes.finished(1, 8, SECOND, Outcome.SUCCESS);
        complete(1);
        assertThat(cells(1)).isEqualTo("8-.9s.");
    }

    @Test
    void runningTaskIsNotReducedByTimeOfPreviousTask() {
        complete(1, running(1, 7, Duration.ofMillis(500)));
        lanes.finished(1, 7, Duration.ofMillis(600).toNanos(), Outcome.SUCCESS);
        complete(1, running(1, 8, Duration.ofMillis(900)));
        assertThat(cells(1)).isEqualTo("5-.9s.");
    }

    @Test
    void kindIsThatOfRunningTask() {
        complete(
                4,
                running(1, 0, Duration.ofSeconds(1), null, 1),
                running(2, 1, Duration.ofSeconds(1), Thread.currentThread(), 2),
                running(3, 2, Duration.ofSeconds(1), null, 3),
                running(4, 3, null, Thread.currentThread(), 1));
        assertThat(IntStream.rangeClosed(1, 4).mapToObj(this::cells)).containsExactly("9-a", "9-2", "9-b", "9-.");
    }

    @Test
    void lanesBeginWithTheirRecording() {
        Lanes late = new Lanes(40);
        late.complete(41, SECOND, 1, List.of());
        assertThat(late.after(0, 1, ANY_LENGTH).first()).isEqualTo(41);
        assertThat(late.after(0, 1, ANY_LENGTH).shown()).containsExactly(new LaneDescriptor(1, null, "0-."));
    }

    @Test
    void onlyCellsAfterSecondAreReturned() {
        for (int i = 0; i < 70; i++) {
            complete(2);
        }
        assertThat(lanes.after(67, 2, ANY_LENGTH).first()).isEqualTo(68);
        assertThat(cellsAfter(67, 2)).hasSize(9);
        assertThat(lanes.after(0, 2, ANY_LENGTH).first()).isEqualTo(11);
        assertThat(cellsAfter(0, 2)).hasSize(180);
        assertThat(cellsAfter(70, 2)).isEmpty();
    }

    @Test
    void busiestWorkersAreShownWithSummaryOfOthers() {
        for (int i = 0; i < 10; i++) {
            for (int worker = 31; worker <= 60; worker++) {
                lanes.finished(worker, 0, worker == 60 ? SECOND / 10 : SECOND, Outcome.SUCCESS);
            }
            complete(100);
        }
        LanesDescriptor shown = lanes.after(9, 100, ANY_LENGTH);
        assertThat(shown.shown())
                .extracting(LaneDescriptor::worker)
                .containsExactlyElementsOf(IntStream.rangeClosed(31, 55).boxed().toList());
        assertThat(shown.workers()).isEqualTo(100);
        assertThat(shown.others()).isEqualTo(75);
        assertThat(shown.othersBusy()).isEqualTo(Math.round(100.0 * (4 + 1 / 9.0) / 75) / 100.0);
    }

    @Test
    void laneHasAllItsCellsWhenItWasChosenSinceSecond() {
        for (int i = 0; i < 9; i++) {
            complete(100);
        }
        lanes.finished(90, 0, SECOND, Outcome.SUCCESS);
        complete(100);
        LaneDescriptor chosen = lane(lanes.after(9, 100, ANY_LENGTH), 90);
        assertThat(chosen.first()).isEqualTo(1);
        assertThat(chosen.cells()).hasSize(30).endsWith("9s.");
        complete(100);
        assertThat(lane(lanes.after(10, 100, ANY_LENGTH), 90)).isEqualTo(new LaneDescriptor(90, null, "0-."));
    }

    @Test
    void cellsAreFewerWhenLengthIsLimited() {
        for (int i = 0; i < 60; i++) {
            complete(25);
        }
        LanesDescriptor limited = lanes.after(0, 25, 2_000);
        assertThat(limited.first()).isGreaterThan(30);
        assertThat(limited.shown()).hasSize(25).allMatch(lane -> lane.cells().length() < 80);
    }

    @Test
    void workersBeyondMaximumHaveNoLane() {
        lanes.finished(Lanes.MAX_WORKERS + 1, 0, SECOND, Outcome.SUCCESS);
        lanes.finished(0, 0, SECOND, Outcome.CANCELLED);
        complete(2_000);
        assertThat(lanes.after(0, 2_000, ANY_LENGTH).shown())
                .extracting(LaneDescriptor::worker)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, Lanes.SHOWN).boxed().toList());
    }

    private void complete(int workers, RunningTask... running) {
        lanes.complete(++second, SECOND, workers, List.of(running));
    }

    private static RunningTask running(int worker, long index, Duration age) {
        return running(worker, index, age, Thread.currentThread(), 1);
    }

    private static RunningTask running(
            int worker, long index, @Nullable Duration age, @Nullable Thread thread, int attempts) {
        return new RunningTask(index, "", age, thread, null, worker, attempts);
    }

    private String cells(int worker) {
        return lane(lanes.after(0, 4, ANY_LENGTH), worker).cells();
    }

    private String cellsAfter(long since, int workers) {
        return lane(lanes.after(since, workers, ANY_LENGTH), 1).cells();
    }

    private static LaneDescriptor lane(LanesDescriptor lanes, int worker) {
        return lanes.shown().stream()
                .filter(lane -> lane.worker() == worker)
                .findFirst()
                .orElseThrow();
    }
}
