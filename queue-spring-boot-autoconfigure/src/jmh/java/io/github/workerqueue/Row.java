package io.github.workerqueue;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of the {@link BenchmarkTable}: a measurement of the queue on virtual (V) and on platform threads (P), its
 * reference, and the bar for their comparison.
 */
record Row(
        String benchmark,
        String what,
        Unit unit,
        Source figure,
        String comparedWith,
        @Nullable Source reference,
        Comparison comparison,
        Bar bar) {

    /** The kinds of thread. */
    enum Kind {
        VIRTUAL,
        PLATFORM;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Source of a measurement, NaN if there is none. A call may take minutes. */
    interface Source {

        double of(Kind kind);
    }

    /** The value that is compared with the bar. */
    enum Comparison {
        /** The measurement itself. */
        NONE,
        RATIO,
        DIFFERENCE
    }

    /** The bars for the two kinds of thread. NaN means no bar. */
    record Bar(boolean atLeast, double virtual, double platform) {

        double of(Kind kind) {
            return kind == Kind.VIRTUAL ? virtual : platform;
        }

        boolean met(Kind kind, double value) {
            return atLeast ? value >= of(kind) : value <= of(kind);
        }

        String text(Unit unit) {
            if (virtual == platform) {
                return text(unit, virtual);
            }
            return Double.isNaN(virtual) && Double.isNaN(platform)
                    ? "–"
                    : text(unit, virtual) + " V" + (Double.isNaN(platform) ? "" : ", " + text(unit, platform) + " P");
        }

        private String text(Unit unit, double value) {
            return (atLeast ? "≥ " : "≤ ") + unit.formatBar(value);
        }
    }

    static Row of(String benchmark, String what, Unit unit, Source figure) {
        return new Row(
                benchmark, what, unit, figure, "–", null, Comparison.NONE, new Bar(true, Double.NaN, Double.NaN));
    }

    Row over(String name, Source compared) {
        return new Row(benchmark, what, unit, figure, name, compared, Comparison.RATIO, bar);
    }

    Row less(String name, Source compared) {
        return new Row(benchmark, what, unit, figure, name, compared, Comparison.DIFFERENCE, bar);
    }

    Row atLeast(double virtual, double platform) {
        return with(new Bar(true, virtual, platform));
    }

    Row atMost(double virtual, double platform) {
        return with(new Bar(false, virtual, platform));
    }

    /** Returns a copy of this row that is not measured on platform threads. */
    Row atMostOnVirtual(double virtual) {
        Source all = figure;
        return new Row(
                benchmark,
                what,
                unit,
                kind -> kind == Kind.VIRTUAL ? all.of(kind) : Double.NaN,
                comparedWith,
                reference,
                comparison,
                new Bar(false, virtual, Double.NaN));
    }

    private Row with(Bar bar) {
        return new Row(benchmark, what, unit, figure, comparedWith, reference, comparison, bar);
    }

    boolean matches(Pattern only) {
        return only.matcher(benchmark + " " + what + " " + comparedWith).find();
    }

    /** Measures both kinds of thread, unless they are measured already. */
    void measure() {
        value(Kind.VIRTUAL);
        value(Kind.PLATFORM);
    }

    double value(Kind kind) {
        double value = figure.of(kind);
        Source compared = reference;
        if (compared == null || Double.isNaN(value)) {
            return value;
        }
        return comparison == Comparison.RATIO ? value / compared.of(kind) : value - compared.of(kind);
    }

    boolean isComplete() {
        return !missing(Kind.VIRTUAL) && !missing(Kind.PLATFORM);
    }

    private boolean missing(Kind kind) {
        return hasBar(kind) && Double.isNaN(value(kind));
    }

    private boolean hasBar(Kind kind) {
        return !Double.isNaN(bar.of(kind));
    }

    String markdown() {
        Unit compared = comparison == Comparison.RATIO ? Unit.TIMES : unit;
        return String.join(
                " | ",
                "| " + what,
                unit.format(figure.of(Kind.VIRTUAL)) + ", " + unit.format(figure.of(Kind.PLATFORM)),
                comparedWith + referenceText(),
                compared.format(value(Kind.VIRTUAL)),
                compared.format(value(Kind.PLATFORM)),
                bar.text(compared),
                verdict() + " |");
    }

    private String referenceText() {
        Source compared = reference;
        if (compared == null) {
            return "";
        }
        String virtual = unit.format(compared.of(Kind.VIRTUAL));
        String platform = Double.isNaN(figure.of(Kind.PLATFORM)) ? virtual : unit.format(compared.of(Kind.PLATFORM));
        return ": " + (virtual.equals(platform) ? virtual : virtual + ", " + platform);
    }

    private String verdict() {
        if (!hasBar(Kind.VIRTUAL) && !hasBar(Kind.PLATFORM)) {
            return "–";
        }
        if (!isComplete()) {
            return "not measured";
        }
        String failed = failed(Kind.VIRTUAL) + failed(Kind.PLATFORM);
        return failed.isEmpty() ? "yes" : "**no**" + failed;
    }

    private String failed(Kind kind) {
        if (!hasBar(kind) || bar.met(kind, value(kind))) {
            return "";
        }
        return kind == Kind.VIRTUAL ? " V" : " P";
    }
}
