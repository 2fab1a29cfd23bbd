package sample.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(10)
class ProgressTests {

    @Test
    void writesALineForEveryFifthWhereThereIsNoTerminal(CapturedOutput output) {
        try (Progress progress = new Progress.Lines("things", 10)) {
            for (int i = 0; i < 9; i++) {
                progress.step();
            }
        }

        assertThat(output.getOut().lines().filter(line -> line.contains("things")))
                .hasSize(4)
                .last()
                .asString()
                .contains("things: 8 of 10");
    }
}
