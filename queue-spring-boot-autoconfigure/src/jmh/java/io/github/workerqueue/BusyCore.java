package io.github.workerqueue;

import java.io.IOException;
import org.openjdk.jmh.infra.Blackhole;

/** Keeps one core busy until its input ends, which it does when the process that started it ends, however that happens. */
public final class BusyCore {

    private static final int TOKENS = 1000;

    private BusyCore() {}

    public static void main(String[] args) throws IOException {
        Contender.daemon(BusyCore::spin).start();
        while (System.in.read() >= 0) {
            // nothing is sent
        }
    }

    private static void spin() {
        while (true) {
            Blackhole.consumeCPU(TOKENS);
        }
    }
}
