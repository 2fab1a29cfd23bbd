package io.github.workerqueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Race between a slot that adds results and a thread that reads them. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The second result is not there yet.")
@Outcome(id = "2, 9, 13", expect = Expect.ACCEPTABLE, desc = "The second result is there, with its index.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The size covers a result whose value or index is not there.")
@State
public class ResultChunkStress {

    private static final int INDEX = 13;

    private final ResultChunk results = ResultChunk.add(null, 1, new int[] {1});

    @Actor
    public void add() {
        ResultChunk.add(results, INDEX, new int[] {9});
    }

    @Actor
    public void read(III_Result r) {
        r.r1 = results.size();
        if (r.r1 == 2) {
            int[] value = (int[]) results.value(1);
            r.r2 = value == null ? -1 : value[0];
            r.r3 = (int) results.ticket(1);
        }
    }
}
