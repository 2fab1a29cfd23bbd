package sample.ladder;

import java.io.Console;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ReflectionUtils;

/** Shows how far a job is: with a bar on a terminal, with a line for every fifth part of it elsewhere. */
abstract class Progress implements AutoCloseable {

    static Progress of(String what, int total) {
        return onTerminal() ? new Bar(what, total) : new Lines(what, total);
    }

    private static boolean onTerminal() {
        return Optional.ofNullable(System.console())
                .filter(Progress::isTerminal)
                .isPresent();
    }

    /** Before Java 22 a console is a terminal; since then there is a method that tells. */
    private static boolean isTerminal(Console console) {
        Method isTerminal = ReflectionUtils.findMethod(Console.class, "isTerminal");
        return isTerminal == null || Boolean.TRUE.equals(ReflectionUtils.invokeMethod(isTerminal, console));
    }

    abstract void step();

    @Override
    public abstract void close();

    private static final class Bar extends Progress {

        private final ProgressBar bar;

        Bar(String what, int total) {
            bar = new ProgressBarBuilder()
                    .setTaskName(what)
                    .setInitialMax(total)
                    .setUpdateIntervalMillis(100)
                    .setStyle(ProgressBarStyle.ASCII)
                    .build();
        }

        @Override
        void step() {
            bar.step();
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    static final class Lines extends Progress {

        private static final Logger log = LoggerFactory.getLogger(Progress.class);

        private final AtomicInteger steps = new AtomicInteger();

        private final String what;

        private final int total;

        Lines(String what, int total) {
            this.what = what;
            this.total = total;
        }

        @Override
        void step() {
            int done = steps.incrementAndGet();
            if (5L * done / total > 5L * (done - 1) / total) {
                log.info("{}: {} of {}", what, done, total);
            }
        }

        @Override
        public void close() {}
    }
}
