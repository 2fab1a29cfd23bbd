package io.github.workerqueue;

import java.util.Locale;

/** Unit of a measurement, and its format. */
enum Unit {
    TIMES(""),
    COUNT(""),
    RATE("/s"),
    MILLIS(" ms"),
    MICROS(" µs"),
    NANOS(" ns"),
    BYTES(" B");

    private final String suffix;

    Unit(String suffix) {
        this.suffix = suffix;
    }

    String format(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        if (this == RATE) {
            return value >= 1e6 ? digits(value / 1e6, 1) + " M/s" : digits(value / 1e3, 0) + " k/s";
        }
        if (this == COUNT) {
            return digits(value, 0);
        }
        return digits(value, Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0) + suffix;
    }

    /** Formats a bar as it was set, such as 1.05 or 200 ns. */
    String formatBar(double value) {
        return (value == Math.rint(value) ? digits(value, 0) : Double.toString(value)) + suffix;
    }

    static Unit of(String jmhUnit) {
        return switch (jmhUnit) {
            case "ops/s" -> RATE;
            case "ms/op" -> MILLIS;
            case "us/op" -> MICROS;
            case "ns/op" -> NANOS;
            default -> throw new IllegalArgumentException("No unit for " + jmhUnit);
        };
    }

    private static String digits(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
