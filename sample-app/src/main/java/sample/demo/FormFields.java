package sample.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sample.demo.InvalidRunException.Violation;
import tools.jackson.databind.JsonNode;

/** Fields of a submitted form. An invalid field is replaced by its default until {@link #check()}. */
final class FormFields {

    private static final int MAX_SHOWN = 60;

    private final JsonNode form;

    private final List<Violation> violations = new ArrayList<>();

    /** Creates the fields of a form, with a violation for each other field that it has. */
    FormFields(JsonNode form, List<String> names) {
        this.form = form;
        for (String field : form.propertyNames()) {
            if (!names.contains(field)) {
                violations.add(new Violation(
                        shortened(field),
                        shortened(form.path(field).toString()),
                        oneOf(names),
                        "The fields are " + oneOf(names) + ", but one was '" + shortened(field) + "'"));
            }
        }
    }

    /** Returns a whole number. */
    int integer(String field, int min, int max, int defaultValue) {
        JsonNode value = value(field);
        if (value == null) {
            return defaultValue;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < min || value.asInt() > max) {
            violate(field, String.format(Locale.ROOT, "a whole number between %,d and %,d", min, max));
            return defaultValue;
        }
        return value.asInt();
    }

    /** Returns a number between 0 and 1. */
    double share(String field, double defaultValue) {
        JsonNode value = value(field);
        if (value == null) {
            return defaultValue;
        }
        if (!value.isNumber() || !(value.asDouble() >= 0 && value.asDouble() <= 1)) {
            violate(field, "a number between 0 and 1");
            return defaultValue;
        }
        return value.asDouble();
    }

    /** Returns one of these texts. */
    String choice(String field, Collection<String> allowed, String defaultValue) {
        String text = text(field, defaultValue);
        if (!allowed.contains(text)) {
            violate(field, "one of " + oneOf(allowed));
            return defaultValue;
        }
        return text;
    }

    /** Returns the text of a field, which is that of its JSON if the value is not a string. */
    String text(String field, String defaultValue) {
        JsonNode value = value(field);
        if (value == null) {
            return defaultValue;
        }
        return value.isString() ? value.asString() : value.toString();
    }

    /** Rejects a field that has no effect. */
    void absent(String field, String reason) {
        if (value(field) != null) {
            violate(field, "omitted " + reason);
        }
    }

    /** Adds a violation of a field. */
    void violate(String field, String allowed) {
        JsonNode value = form.path(field);
        String text = shortened(value.isString() ? value.asString() : value.toString());
        String quoted = value.isString() ? "'" + text + "'" : text;
        violations.add(new Violation(field, text, allowed, field + " must be " + allowed + ", but was " + quoted));
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    void check() {
        if (!violations.isEmpty()) {
            throw new InvalidRunException(violations);
        }
    }

    private @Nullable JsonNode value(String field) {
        JsonNode value = form.path(field);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    private static String oneOf(Collection<String> values) {
        return String.join(", ", values);
    }
}
