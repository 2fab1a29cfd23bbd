package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Tests for the list of broken rules, which {@link BrokenRulesProof} applies. */
@Timeout(20)
class BrokenRulesTests {

    private final List<BrokenRule> rules = BrokenRule.readAll();

    BrokenRulesTests() throws IOException {}

    @Test
    void listIsNotEmptyAndHasNoEntryTwice() {
        assertThat(rules).isNotEmpty();
        assertThat(rules.stream().map(BrokenRule::rule)).doesNotHaveDuplicates();
        assertThat(rules.stream().map(rule -> List.of(rule.test(), rule.file(), rule.original(), rule.broken())))
                .doesNotHaveDuplicates();
    }

    @Test
    void sourceFileIsMainCode() {
        assertThat(rules)
                .allSatisfy(rule -> assertThat(rule.source().normalize())
                        .isEqualTo(rule.source())
                        .isRegularFile());
    }

    @Test
    void originalTextOccursOnceInSourceFile() throws IOException {
        List<BrokenRule> stale = new ArrayList<>();
        for (BrokenRule rule : rules) {
            String source = Files.readString(rule.source());
            int first = source.indexOf(rule.original());
            if (rule.original().isBlank() || first < 0 || source.indexOf(rule.original(), first + 1) > 0) {
                stale.add(rule);
            }
        }
        assertThat(stale)
                .as("entries whose original text does not occur exactly once in the file; adapt them to its code")
                .isEmpty();
    }

    @Test
    void originalTextIsCodeOutsideComments() throws IOException {
        for (BrokenRule rule : rules) {
            assertThat(Files.readAllLines(rule.source()).stream().filter(line -> line.contains(rule.original())))
                    .as(rule.rule())
                    .allSatisfy(line ->
                            assertThat(line.strip()).doesNotStartWith("*").doesNotStartWith("/"));
        }
    }

    @Test
    void brokenTextDiffersFromOriginalText() {
        assertThat(rules).allSatisfy(rule -> assertThat(rule.broken()).isNotEqualTo(rule.original()));
    }

    @Test
    void namedTestExists() throws ClassNotFoundException {
        for (BrokenRule rule : rules) {
            Method test = BrokenRule.method(rule.test());
            assertThat(AnnotationSupport.isAnnotated(test, Testable.class))
                    .as("%s is a test", test)
                    .isTrue();
        }
    }
}
