package io.github.workerqueue;

import java.io.IOException;
import org.openjdk.jmh.infra.Blackhole;

/** Program that keeps one core busy until its input ends. The input ends with the process that started the program. */
public final class BusyCore {

    private static final int TOKENS = 1000;

    private BusyCore() {}

    public static void main(String[] args) throws IOException {
        Contender.daemon(BusyCore::spin).start();
        while (System.in.read() >= 0) {
            // no input is sent
        }
    }

    private static void spin() {
        while (true) {
            Blackhole.consumeCPU(TOKENS);
        }
    }
}
