package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tests for the slots that a join, a snapshot and a cancel visit. */
class UsedSlotsTests {

    private static List<WorkerSlot> used(WorkerQueue<?> queue) {
        return used(((DefaultWorkerQueue<?>) queue).engine());
    }

    private static List<WorkerSlot> used(QueueEngine engine) {
        List<WorkerSlot> used = new ArrayList<>();
        engine.slots.usedSlots().forEach(used::add);
        return used;
    }

    @QueueTest
    void slotsAreUsedUntilRoundEndsWhenTheyHaveRun(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(10, 20);
        assertThat(used(queue)).isEmpty();
        for (int round = 0; round < 3; round++) {
            Blocker blocker = fixture.block(queue);
            assertThat(used(queue)).hasSize(10).doesNotHaveDuplicates();
            blocker.release();
            queue.join();
            assertThat(used(queue)).isEmpty();
        }
        queue.put(() -> 1);
        assertThat(queue.join()).containsExactly(1);
        assertThat(queue.snapshot().completed()).isEqualTo(31);
    }

    @QueueTest
    void slotsStayUsedWhenJoinClearsNothing(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(1, 2);
        queue.put(() -> 1);
        Fixture.until("it has ended", () -> queue.snapshot().collected() == 1);
        assertThat(queue.responses()).containsExactly(1);
        assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> queue.join(String.class));
        assertThat(used(queue)).hasSize(1);
        assertThat(queue.join()).containsExactly(1);
    }

    @QueueTest
    void joinTakesNoLongerWhenQueueWasLarge(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 2);
        medianOfRounds(queue);
        long before = medianOfRounds(queue);

        queue.resize(QueueSettings.MAX_WORKERS);
        queue.resize(1);

        assertThat(medianOfRounds(queue)).isLessThan(20 * before + 1_000_000);
    }

    private static long medianOfRounds(WorkerQueue<Integer> queue) throws InterruptedException {
        long[] nanos = new long[101];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            queue.put(() -> 1);
            queue.join();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }

    /** A slot leaves while its task closes the application. Rounds may end meanwhile. */
    @QueueTest
    void slotStaysUsedWhenRoundEndsAfterItHasLeft(Fixture fixture) throws Exception {
        HeldThreads threads = new HeldThreads();
        QueueEngine engine = threads.engine(2, 4);
        Callable<String> first = () -> "first";
        engine.admission.put(first, Ring.ANY_EPOCH);
        Blocker blocker = new Blocker();
        TaskAction closing = () -> {
            engine.shutdown.leave();
            blocker.run();
            engine.shutdown.rejoin();
        };
        engine.admission.put(NamedTask.ofAction(closing), Ring.ANY_EPOCH);
        Fork<?> thread = fixture.forkAction(threads.started.remove()::run);
        blocker.awaitStarted();
        WorkerSlot slot = used(engine).get(0);

        assertThat(engine.round.join(Object.class, Durations.FOREVER)).containsExactly("first");
        assertThat(used(engine)).containsExactly(slot);
        assertThat(SnapshotSource.of(engine).completed()).isOne();
        assertThat(SnapshotSource.of(engine).active()).isOne();
        assertThat(engine.round.join(Object.class, Durations.FOREVER)).isEmpty();

        blocker.release();
        thread.get();
        assertThat(SnapshotSource.of(engine).completed()).isEqualTo(2);
        assertThat(engine.round.join(Object.class, Durations.FOREVER)).isEmpty();
        assertThat(used(engine)).isEmpty();
        assertThat(SnapshotSource.of(engine).completed()).isEqualTo(2);
    }

    @QueueTest
    void countsNeverShrinkWhenRoundsEndDuringSnapshots(Fixture fixture) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        WorkerQueue<Integer> queue = fixture.open(4, 8);
        AtomicBoolean done = new AtomicBoolean();
        Fork<Long> reader = fixture.fork(() -> {
            QueueSnapshot last = queue.snapshot();
            long snapshots = 0;
            while (!done.get()) {
                QueueSnapshot now = queue.snapshot();
                assertThat(now.completed()).as("seed " + seed).isGreaterThanOrEqualTo(last.completed());
                assertThat(now.failed()).as("seed " + seed).isGreaterThanOrEqualTo(last.failed());
                assertThat(now.completed() + now.failed() + now.cancelled())
                        .as("seed " + seed)
                        .isLessThanOrEqualTo(queue.snapshot().put());
                last = now;
                snapshots++;
            }
            return snapshots;
        });
        int failing = 0;
        int tasks = 0;
        int joined = 0;
        for (int round = 0; round < 3_000; round++) {
            int count = random.nextInt(8);
            for (int i = 0; i < count; i++) {
                boolean fails = random.nextInt(5) == 0;
                failing += fails ? 1 : 0;
                queue.put(() -> {
                    if (fails) {
                        throw new IllegalStateException();
                    }
                    return 1;
                });
            }
            tasks += count;
            joined += queue.join().size();
            if (round % 100 == 0) {
                queue.resize(1 + random.nextInt(50));
            }
        }
        done.set(true);

        assertThat(reader.get()).isPositive();
        assertThat(joined).as("seed " + seed).isEqualTo(tasks - failing);
        assertThat(queue.snapshot().completed()).as("seed " + seed).isEqualTo(joined);
        assertThat(queue.snapshot().failed()).as("seed " + seed).isEqualTo(failing);
    }
}
