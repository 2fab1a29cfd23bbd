package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the queues of a factory share by name, and for how long: as long as somebody may notice. */
class SharedByNameTests {

    private static final List<RateLimit> SHORT = List.of(new RateLimit(1, Duration.ofNanos(1)));

    private static final List<RateLimit> LONG = List.of(new RateLimit(1, Duration.ofHours(1)));

    private final Rates rates = new Rates();

    @Test
    void ratesOfANameThatIsInUseAreKept() {
        TaskRates used = rates(SHORT);
        assertThat(rates(SHORT)).isSameAs(used);
        closeAndOpenAnother();
        assertThat(rates(SHORT)).isSameAs(used);
    }

    @Test
    void ratesOfANameThatNobodyUsesAreForgotten() {
        TaskRates unused = rates(SHORT);
        closeAndOpenAnother();
        assertThat(rates(SHORT)).isNotSameAs(unused);
    }

    @Test
    void ratesOfANameThatNobodyUsesAreKeptWhileTheirStartsMatter() {
        TaskRates started = rates(LONG);
        assertThat(started.tryStart()).isZero();
        closeAndOpenAnother();
        assertThat(rates(LONG)).isSameAs(started);
    }

    @Test
    void ratesWithoutLimitsAreNone() {
        assertThat(rates.of("riot", List.of())).isNull();
    }

    @Test
    void aBudgetThatSomebodyHasIsKept() {
        Budgets budgets = new Budgets();
        Budget budget = budgets.of("riot", 1);
        budgets.of("other", 1);
        assertThat(budgets.of("riot", 1)).isSameAs(budget);
    }

    private TaskRates rates(List<RateLimit> limits) {
        return Objects.requireNonNull(rates.of("riot", limits));
    }

    /** What nobody uses is looked for when another name comes. */
    private void closeAndOpenAnother() {
        rates.closed("riot");
        assertThat(rates.of("other", SHORT)).isNotNull();
    }
}
