package sample.ladder;

import java.util.Objects;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.client.RestClient;

/** Asks the league API. Blocks until it answers; an answer that is no success is an exception. */
@Component
public class LeagueClient {

    private final SingletonSupplier<RestClient> rest;

    LeagueClient(RestClient.Builder builder, UpstreamProperties upstream, Environment environment) {
        // Built at the first call: only then is the port of the embedded API known
        this.rest = SingletonSupplier.of(() -> builder.baseUrl(baseUrl(upstream, environment))
                .defaultHeader("X-Riot-Token", upstream.apiKey())
                .build());
    }

    public League challengerLeague(String queue) {
        return get(League.class, "/lol/league/v4/challengerleagues/by-queue/{queue}", queue);
    }

    public League masterLeague(String queue) {
        return get(League.class, "/lol/league/v4/masterleagues/by-queue/{queue}", queue);
    }

    public Summoner summoner(String id) {
        return get(Summoner.class, "/lol/summoner/v4/summoners/{id}", id);
    }

    public String matchJson(String id) {
        return get(String.class, "/lol/match/v5/matches/{id}", id);
    }

    private <T> T get(Class<T> type, String path, String variable) {
        T body = rest.obtain().get().uri(path, variable).retrieve().body(type);
        return Objects.requireNonNull(body, "empty answer");
    }

    private static String baseUrl(UpstreamProperties upstream, Environment environment) {
        return upstream.embedded()
                ? "http://localhost:" + environment.getRequiredProperty("local.server.port")
                : upstream.baseUrl();
    }
}
