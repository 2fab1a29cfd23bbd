package sample.ladder;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A match that is known by its id until someone fills it, as the objects of an API client often are. */
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

    /** Returns the JSON of the match, and asks for it first if it must. */
    String json(LeagueClient client) {
        String filled = json;
        if (filled == null) {
            filled = client.matchJson(id);
            json = filled;
        }
        return filled;
    }

    @Override
    public String toString() {
        return id;
    }
}
