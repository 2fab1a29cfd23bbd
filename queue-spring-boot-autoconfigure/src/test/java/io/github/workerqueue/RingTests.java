package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;

/** Tests for the ring of waiting tasks. */
class RingTests {

    private static boolean offer(Ring ring, Object task) {
        return ring.offer(task, 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
    }

    private static Object take(Ring ring) {
        long ticket = ring.claimBelow(Long.MAX_VALUE);
        assertThat(ticket).isNotNegative();
        Object task = ring.task(ticket);
        ring.release(ticket);
        return task;
    }

    @QueueTest
    void ringAcceptsTasksUpToCapacityAndReturnsThemInOrder(Fixture fixture) {
        for (int capacity : new int[] {1, 2, 3, 50, 64}) {
            Ring ring = new Ring(capacity, fixture.isVirtual());
            for (int lap = 0; lap < 5; lap++) {
                for (int i = 0; i < capacity; i++) {
                    assertThat(ring.isFull()).isFalse();
                    assertThat(offer(ring, i)).isTrue();
                    assertThat(ring.depth()).isEqualTo(i + 1);
                }
                assertThat(ring.isFull()).isTrue();
                assertThat(offer(ring, "beyond")).isFalse();
                for (int i = 0; i < capacity; i++) {
                    assertThat(take(ring)).isEqualTo(i);
                    assertThat(ring.depth()).isEqualTo(capacity - i - 1);
                }
                assertThat(ring.isEmpty()).isTrue();
                assertThat(ring.claimBelow(Long.MAX_VALUE)).isEqualTo(-1);
                assertThat(ring.tailIfEmpty()).isEqualTo((lap + 1L) * capacity);
            }
        }
    }

    @QueueTest
    void ringClaimsNoTicketAtOrAboveLimit(Fixture fixture) {
        Ring ring = new Ring(4, fixture.isVirtual());
        offer(ring, "a");
        offer(ring, "b");
        offer(ring, "c");

        assertThat(ring.claimBelow(2)).isZero();
        assertThat(ring.claimBelow(2)).isEqualTo(1);
        assertThat(ring.claimBelow(2)).isEqualTo(-1);
        assertThat(ring.claimBelow(Long.MAX_VALUE)).isEqualTo(2);
    }

    @QueueTest
    void ringKeepsPutTimesOnlyWhenTimesAreMeasured(Fixture fixture) {
        Ring stamped = new Ring(3, true);
        Ring unstamped = new Ring(3, false);
        for (int i = 1; i <= 10; i++) {
            for (Ring ring : List.of(stamped, unstamped)) {
                assertThat(ring.offer("", i, Ring.OUTSIDER, Ring.ANY_EPOCH)).isTrue();
                long ticket = ring.claim();
                assertThat(ring.putTime(ticket)).isEqualTo(ring == stamped ? i : 0);
                ring.release(ticket);
            }
        }
    }

    @QueueTest
    void ringRejectsClaimButAllowsClaimBelowWhenGuarded(Fixture fixture) {
        Ring ring = new Ring(4, fixture.isVirtual());
        offer(ring, "a");
        offer(ring, "b");
        assertThat(ring.isGuarded()).isFalse();

        ring.guard();
        assertThat(ring.isGuarded()).isTrue();
        assertThat(ring.claim()).isEqualTo(-1);
        assertThat(take(ring)).isEqualTo("a");
        assertThat(ring.isGuarded()).isTrue();
        ring.unguard();
        assertThat(ring.isGuarded()).isFalse();
        assertThat(ring.claim()).isEqualTo(1);
    }

    @QueueTest
    void ringDoesNotOverwriteClaimedTaskBeforeItIsReleased(Fixture fixture) throws Exception {
        Ring ring = new Ring(1, fixture.isVirtual());
        offer(ring, "a");
        long claimed = ring.claimBelow(Long.MAX_VALUE);
        assertThat(offer(ring, "b")).isTrue();
        Fork<Boolean> blocked = fixture.fork(() -> {
            while (!offer(ring, "c")) {
                LockSupport.parkNanos(1);
            }
            return true;
        });
        long second = ring.claimBelow(Long.MAX_VALUE);

        assertThat(ring.task(claimed)).isEqualTo("a");
        ring.release(claimed);
        assertThat(blocked.get()).isTrue();
        assertThat(ring.task(second)).isEqualTo("b");
        ring.release(second);
        assertThat(take(ring)).isEqualTo("c");
    }

    @QueueTest
    void ringRejectsPutsAccordingToItsFlags(Fixture fixture) {
        Ring ring = new Ring(10, fixture.isVirtual());
        ring.set(Ring.OVERFLOWING);
        assertThat(offer(ring, "")).isFalse();
        assertThat(ring.offer("", 0, Ring.OWN, Ring.ANY_EPOCH)).isTrue();
        ring.clear(Ring.OVERFLOWING);
        assertThat(offer(ring, "")).isTrue();
        ring.set(Ring.DRAINING);
        assertThat(offer(ring, "")).isFalse();
        assertThat(ring.offer("", 0, Ring.SIBLING, Ring.ANY_EPOCH)).isTrue();
        ring.set(Ring.CLOSING);
        assertThat(ring.offer("", 0, Ring.SIBLING, Ring.ANY_EPOCH)).isFalse();
        assertThat(ring.offer("", 0, Ring.OWN, Ring.ANY_EPOCH)).isTrue();
        assertThat(ring.setIfTail(ring.tail() - 1, Ring.CLOSED)).isFalse();
        assertThat(ring.setIfTail(ring.tail(), Ring.CLOSED)).isTrue();
        assertThat(ring.offer("", 0, Ring.OWN, Ring.ANY_EPOCH)).isFalse();
        assertThat(ring.tail()).isEqualTo(4);
    }

    @QueueTest
    void ringRejectsPutWhenCancelHasAdvancedEpoch(Fixture fixture) {
        Ring ring = new Ring(10, fixture.isVirtual());
        for (int i = 0; i < 600; i++) {
            long epoch = ring.epoch();
            ring.advanceEpoch();
            assertThat(ring.offer("", 0, Ring.OUTSIDER, epoch)).isFalse();
            assertThat(ring.offer("", 0, Ring.OUTSIDER, ring.epoch())).isTrue();
            assertThat(ring.tail()).isEqualTo(i + 1L);
            take(ring);
        }
    }

    @QueueTest
    void ringKeepsCeilingExceptForFirstProducer(Fixture fixture) {
        Ring ring = new Ring(10, fixture.isVirtual());
        offer(ring, "a");
        assertThat(ring.lowerCeiling()).isEqualTo(1);
        assertThat(offer(ring, "b")).isFalse();
        ring.setCeiling(3);

        assertThat(offer(ring, "b")).isTrue();
        assertThat(offer(ring, "c")).isTrue();
        assertThat(offer(ring, "d")).isFalse();
        assertThat(ring.offerFirst("first", 0, Ring.OUTSIDER, Ring.ANY_EPOCH)).isTrue();
    }

    @QueueTest
    void ringLosesAndRepeatsNoTaskAndKeepsCapacityUnderContention(Fixture fixture) throws Exception {
        int producers = 6;
        int each = 4_000;
        for (int capacity : new int[] {1, 3, 14}) {
            Ring ring = new Ring(capacity, fixture.isVirtual());
            AtomicIntegerArray seen = new AtomicIntegerArray(producers * each);
            AtomicInteger taken = new AtomicInteger();
            LongAccumulator deepest = new LongAccumulator(Math::max, 0);
            List<Fork<?>> forks = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int first = p * each;
                forks.add(fixture.forkAction(() -> {
                    for (int i = first; i < first + each; i++) {
                        while (!offer(ring, i)) {
                            giveWay(fixture);
                        }
                        deepest.accumulate(ring.depth());
                    }
                }));
            }
            for (int c = 0; c < 4; c++) {
                forks.add(fixture.forkAction(() -> {
                    while (taken.get() < producers * each) {
                        long ticket = ring.claimBelow(Long.MAX_VALUE);
                        if (ticket >= 0) {
                            seen.incrementAndGet((int) ring.task(ticket));
                            ring.release(ticket);
                            taken.incrementAndGet();
                        } else {
                            giveWay(fixture);
                        }
                    }
                }));
            }
            for (Fork<?> fork : forks) {
                fork.get();
            }

            for (int i = 0; i < seen.length(); i++) {
                assertThat(seen.get(i)).isEqualTo(1);
            }
            assertThat(deepest.get()).isLessThanOrEqualTo(capacity);
            assertThat(ring.isEmpty()).isTrue();
        }
    }

    /**
     * Lets other threads run. Platform threads yield, so that the scheduler also preempts them between a CAS and a
     * store. Virtual threads park, since a yield could starve those that wait for a carrier.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void giveWay(Fixture fixture) {
        if (fixture.isVirtual()) {
            LockSupport.parkNanos(1);
        } else {
            Thread.yield();
        }
    }
}
