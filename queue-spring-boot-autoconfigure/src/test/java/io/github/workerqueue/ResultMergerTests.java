package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests for the merge of the results of all slots in submission order. */
class ResultMergerTests {

    @Test
    void mergerReturnsEmptyListWhenNoResultsWereAdded() {
        assertThat(ResultChunk.count(null)).isZero();
        assertThat(new ResultMerger().inOrder()).isEmpty();
    }

    @Test
    void mergerKeepsOrderWhenResultsAreOfOneSlot() {
        ResultChunk results = add(LongStream.range(0, 20_000).toArray());

        assertThat(ResultChunk.count(results)).isEqualTo(20_000);
        assertThat(inOrder(results))
                .isEqualTo(LongStream.range(0, 20_000).mapToObj(Long::toString).toList());
    }

    @Test
    void slotsAreMergedByIndex() {
        ResultChunk even = add(0, 2, 4, 6, 8);
        ResultChunk odd = add(1, 3, 5, 7, 9);

        assertThat(inOrder(odd, even)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void mergerSortsResultsWhenSlotIsUnordered() {
        ResultChunk mixed = add(7, 3, 5, 1);
        ResultChunk far = add(100_000_000, 2);

        assertThat(inOrder(mixed)).containsExactly("1", "3", "5", "7");
        assertThat(inOrder(mixed, far)).containsExactly("1", "2", "3", "5", "7", "100000000");
    }

    @Test
    void mergerSortsResultsWhenIndicesExceedIntRange() {
        long far = 1L << 40;
        ResultChunk results = add(5, far, 6, far + 1, 0);

        assertThat(inOrder(results)).containsExactly("0", "5", "6", Long.toString(far), Long.toString(far + 1));
    }

    @Test
    void mergerSortsResultsWhenAllIndicesAreLarge() {
        long far = 1L << 40;
        ResultChunk results = add(far + 2, far, far + 1);

        assertThat(inOrder(results))
                .containsExactly(Long.toString(far), Long.toString(far + 1), Long.toString(far + 2));
    }

    @Test
    void mergerFindsFirstResultOfOtherTypeWithIndex() {
        ResultChunk strings = add(40, 20);
        ResultChunk numbers = ResultChunk.add(ResultChunk.add(null, 50, 5), 30, 3);
        ResultMerger collected = new ResultMerger();
        collected.add(strings);
        collected.add(numbers);

        assertThat(collected.firstOtherThan(String.class)).isEqualTo(new ResultMerger.Entry(30, 3));
        assertThat(collected.firstOtherThan(Object.class)).isNull();
    }

    @Test
    void mergerSortsRandomMixOfResults() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            TreeMap<Long, Object> expected = new TreeMap<>();
            List<ResultChunk> slots = new ArrayList<>();
            long spread = 1L << random.nextInt(45);
            for (int slot = 0; slot < 4; slot++) {
                ResultChunk last = null;
                int count = random.nextInt(500);
                for (int i = 0; i < count; i++) {
                    long index = Math.floorMod(random.nextLong(), spread) + expected.size();
                    if (expected.putIfAbsent(index, "value " + index) == null) {
                        last = ResultChunk.add(last, index, "value " + index);
                    }
                }
                if (last != null) {
                    slots.add(last);
                }
            }
            Collections.shuffle(slots, random);

            assertThat(inOrder(slots.toArray(ResultChunk[]::new)))
                    .as("seed %d", seed)
                    .isEqualTo(new ArrayList<>(expected.values()));
        }
    }

    private static List<Object> inOrder(ResultChunk... slots) {
        ResultMerger collected = new ResultMerger();
        for (ResultChunk slot : slots) {
            collected.add(slot);
        }
        return collected.inOrder();
    }

    private static ResultChunk add(long... indices) {
        @Nullable ResultChunk last = null;
        for (long index : indices) {
            last = ResultChunk.add(last, index, Long.toString(index));
        }
        assertThat(last).isNotNull();
        return last == null ? ResultChunk.add(null, 0, "") : last;
    }
}
