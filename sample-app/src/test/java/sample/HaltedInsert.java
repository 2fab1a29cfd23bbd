package sample;

import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/** Trigger that prints a line before row 500 of the ladder is inserted, and then blocks. */
public class HaltedInsert implements Trigger {

    static final String HALTED = "halted at row 500";

    @Override
    public void fire(Connection connection, Object @Nullable [] before, Object[] row) {
        if (row[0].equals(500)) {
            System.out.println(HALTED);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
