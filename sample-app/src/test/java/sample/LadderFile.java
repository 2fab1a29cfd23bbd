package sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import sample.demo.upstream.FailureShare;

/** The ladder of the embedded API, read without the code of the sample. */
public final class LadderFile {

    private LadderFile() {}

    /** One line of the file. */
    public record Line(String tier, String summonerId, String puuid) {}

    public static List<Line> lines() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new ClassPathResource("ladder.csv").getInputStream(), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .map(cells -> new Line(cells[1], cells[2], cells[3]))
                    .toList();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Returns the puuids of these lines, without those for which the embedded API always fails by default. */
    public static List<String> puuids(List<Line> lines) {
        FailureShare failures = new FailureShare(0.01, 1);
        return lines.stream()
                .filter(line -> !failures.hits(line.summonerId()))
                .map(Line::puuid)
                .toList();
    }
}
