package sample.demo;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A match with an id, whose JSON is fetched on the first access, as in many API clients. */
class Match implements Serializable {

    private static final long serialVersionUID = 1;

    private final String id;

    private @Nullable String json;

    Match(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Returns the JSON of the match, and keeps it. */
    String json(MatchApi api) {
        String filled = json;
        if (filled == null) {
            filled = api.matchJson(id);
            json = filled;
        }
        return filled;
    }

    @Override
    public String toString() {
        return id;
    }
}
