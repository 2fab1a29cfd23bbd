package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Tests for the states of worker slots, in single steps. */
class WorkerSlotsTests {

    private static WorkerSlots slots(int workers) {
        return new HeldThreads().engine(workers).slots;
    }

    private static WorkerSlot wake(WorkerSlots slots) {
        WorkerSlot slot = slots.takeToSearch();
        assertThat(slot).isNotNull();
        return Objects.requireNonNull(slot);
    }

    private static WorkerSlot run(WorkerSlots slots) {
        WorkerSlot slot = wake(slots);
        assertThat(slots.startRunning()).isTrue();
        return slot;
    }

    private static void assertNoneToWake(WorkerSlots slots) {
        assertThat(slots.canWake(false)).isFalse();
        assertThat(slots.takeToSearch()).isNull();
    }

    @QueueTest
    void slotIsNotWokenWhenAnotherSearches(Fixture fixture) {
        WorkerSlots slots = slots(3);
        WorkerSlot first = wake(slots);
        assertNoneToWake(slots);
        assertThat(slots.running()).isZero();

        assertThat(slots.startRunning()).isTrue();
        assertThat(slots.running()).isEqualTo(1);
        WorkerSlot second = wake(slots);
        assertThat(second).isNotSameAs(first);
        assertNoneToWake(slots);
        slots.stopSearching(second);
        assertThat(wake(slots)).as("it was the last that became idle").isSameAs(second);
    }

    @QueueTest
    void stoppedSlotSearchesUnlessAnotherDoes(Fixture fixture) {
        WorkerSlots slots = slots(3);
        WorkerSlot first = run(slots);
        WorkerSlot second = run(slots);

        assertThat(slots.stopRunning(first)).isTrue();
        assertNoneToWake(slots);
        assertThat(slots.stopRunning(second)).isFalse();
        assertThat(slots.running()).isZero();
        assertNoneToWake(slots);
        slots.stopSearching(first);
        assertThat(List.of(run(slots), run(slots))).containsExactly(first, second);
        run(slots);
        assertNoneToWake(slots);
    }

    @QueueTest
    void slotIsNotWokenWhenAllRun(Fixture fixture) {
        WorkerSlots slots = slots(2);
        run(slots);
        assertThat(slots.canWake(false)).isTrue();
        assertThat(slots.canWake(true)).as("one that runs is enough").isFalse();
        assertThat(slots.takeToRun()).isNotNull();

        assertThat(slots.running()).isEqualTo(2);
        assertNoneToWake(slots);
        assertThat(slots.takeToRun()).isNull();
    }

    @QueueTest
    void slotIsWokenToRunWhenAnotherSearches(Fixture fixture) {
        WorkerSlots slots = slots(2);
        WorkerSlot searching = wake(slots);

        WorkerSlot running = slots.takeToRun();
        assertThat(running).isNotNull().isNotSameAs(searching);
        assertThat(slots.running()).isEqualTo(1);
        assertThat(slots.takeToRun()).as("none is idle").isNull();
        assertThat(slots.startRunning()).isTrue();
    }

    @QueueTest
    void slotsDoNotRunBeyondLimit(Fixture fixture) {
        WorkerSlots slots = slots(3);
        WorkerSlot first = run(slots);
        slots.setLimit(1);
        assertNoneToWake(slots);
        assertThat(slots.takeToRun()).isNull();
        assertThat(slots.isOverLimit()).isFalse();

        slots.setLimit(0);
        assertThat(slots.isOverLimit()).isTrue();
        assertThat(slots.stopRunning(first)).isTrue();
        assertThat(slots.startRunning()).isFalse();
        slots.stopSearching(first);
        assertNoneToWake(slots);

        slots.setLimit(2);
        run(slots);
        run(slots);
        assertNoneToWake(slots);
    }

    @QueueTest
    void slotsAreAddedWhenQueueGrows(Fixture fixture) {
        WorkerSlots slots = slots(1);
        List<WorkerSlot> running = new ArrayList<>(List.of(run(slots)));

        slots.grow(3);
        assertNoneToWake(slots);
        slots.setLimit(3);
        running.add(run(slots));
        running.add(run(slots));
        slots.grow(2);
        slots.setLimit(4);
        assertThat(slots.takeToRun()).isNull();
        assertThat(running).extracting(slot -> slot.number).containsExactly(0, 1, 2);
    }

    @QueueTest
    void slotsAllRunWhenQueueGrowsRepeatedly(Fixture fixture) {
        WorkerSlots slots = slots(2);
        WorkerSlot first = run(slots);
        slots.grow(3);
        slots.grow(7);
        slots.setLimit(100);
        run(slots);
        slots.grow(8);
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            numbers.add(run(slots).number);
        }
        assertThat(slots.takeToRun()).isNull();
        assertThat(numbers).hasSize(6).doesNotContain(first.number).isSubsetOf(1, 2, 3, 4, 5, 6, 7);
    }

    @QueueTest
    void slotDoesNotStartRunningWhenSlotsAreFrozen(Fixture fixture) throws Exception {
        WorkerSlots slots = slots(2);
        wake(slots);
        assertThat(slots.freeze()).isTrue();
        CountDownLatch begun = new CountDownLatch(2);
        AtomicBoolean thawed = new AtomicBoolean();
        Fork<Boolean> searching = fixture.fork(() -> {
            begun.countDown();
            return slots.startRunning() && thawed.get();
        });
        Fork<Boolean> idle = fixture.fork(() -> {
            begun.countDown();
            return slots.takeToRun() != null && thawed.get();
        });
        Fixture.await(begun);
        for (int i = 0; i < 100; i++) {
            assertThat(slots.running()).isZero();
            LockSupport.parkNanos(10_000);
        }

        thawed.set(true);
        slots.thaw();
        assertThat(searching.get()).isTrue();
        assertThat(idle.get()).isTrue();
        assertThat(slots.freeze()).as("two run").isFalse();
    }
}
