package sample.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.header;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withServiceUnavailable;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.MediaType;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;

@Timeout(10)
class LeagueClientTests {

    private final RestClient.Builder builder = RestClient.builder();

    private final MockRestServiceServer server =
            MockRestServiceServer.bindTo(builder).build();

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void asksForALeagueWithTheKey() {
        server.expect(requestTo("https://na1.example/lol/league/v4/masterleagues/by-queue/RANKED_SOLO_5x5"))
                .andExpect(header("X-Riot-Token", "key"))
                .andRespond(withSuccess("""
                        {"tier": "MASTER", "leagueId": "1", "queue": "RANKED_SOLO_5x5", "name": "Solo", "entries": [
                          {"summonerId": "a", "leaguePoints": 12, "rank": "I", "wins": 3, "losses": 2, "veteran": true}]}
                        """, MediaType.APPLICATION_JSON));

        League league = client("https://na1.example").masterLeague("RANKED_SOLO_5x5");

        assertThat(league.tier()).isEqualTo("MASTER");
        assertThat(league.entries()).containsExactly(new LeagueEntry("a", 12, "I", 3, 2));
    }

    @Test
    void asksForASummoner() {
        server.expect(requestTo("https://na1.example/lol/summoner/v4/summoners/a"))
                .andRespond(withSuccess("""
                        {"id": "a", "accountId": "b", "puuid": "c", "summonerLevel": 300}
                        """, MediaType.APPLICATION_JSON));

        assertThat(client("https://na1.example").summoner("a")).isEqualTo(new Summoner("a", "c", 300));
    }

    @Test
    void asksTheEmbeddedApiOnTheLocalPortWhenNoAddressIsGiven() {
        server.expect(requestTo("http://localhost:4711/lol/match/v5/matches/NA1_1"))
                .andRespond(withSuccess("{}", MediaType.APPLICATION_JSON));
        LeagueClient client = client("");
        environment.setProperty("local.server.port", "4711");

        assertThat(client.matchJson("NA1_1")).isEqualTo("{}");
    }

    @Test
    void throwsWhenTheApiFails() {
        server.expect(requestTo("https://na1.example/lol/summoner/v4/summoners/a"))
                .andRespond(withServiceUnavailable());
        LeagueClient client = client("https://na1.example");

        assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
                .isThrownBy(() -> client.summoner("a"));
    }

    private LeagueClient client(String baseUrl) {
        UpstreamProperties upstream =
                new UpstreamProperties(baseUrl, "key", Duration.ofMillis(20), Duration.ZERO, 0, 1);
        return new LeagueClient(builder, upstream, environment);
    }
}
