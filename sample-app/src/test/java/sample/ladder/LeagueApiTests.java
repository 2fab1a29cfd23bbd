package sample.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withServiceUnavailable;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** Tests for the requests and responses of the HTTP client. */
@Timeout(10)
class LeagueApiTests {

    private final RestClient.Builder builder = RestClient.builder().baseUrl("https://na1.example");

    private final MockRestServiceServer server =
            MockRestServiceServer.bindTo(builder).build();

    private final LeagueApi api = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(builder.build()))
            .build()
            .createClient(LeagueApi.class);

    @Test
    void leagueIsReadFromResponse() {
        server.expect(requestTo("https://na1.example/lol/league/v4/masterleagues/by-queue/RANKED_SOLO_5x5"))
                .andRespond(withSuccess("""
                        {"tier": "MASTER", "leagueId": "1", "queue": "RANKED_SOLO_5x5", "name": "Solo", "entries": [
                          {"summonerId": "a", "leaguePoints": 12, "rank": "I", "wins": 3, "losses": 2,
                           "veteran": true}]}
                        """, MediaType.APPLICATION_JSON));

        League league = api.masterLeague("RANKED_SOLO_5x5");

        assertThat(league.tier()).isEqualTo("MASTER");
        assertThat(league.entries()).containsExactly(new LeagueEntry("a", 12, "I", 3, 2));
    }

    @Test
    void summonerIsReadFromResponse() {
        server.expect(requestTo("https://na1.example/lol/summoner/v4/summoners/a"))
                .andRespond(withSuccess("""
                        {"id": "a", "accountId": "b", "puuid": "c", "summonerLevel": 300}
                        """, MediaType.APPLICATION_JSON));

        assertThat(api.summoner("a")).isEqualTo(new Summoner("a", "c", 300));
    }

    @Test
    void methodThrowsExceptionWhenResponseHasErrorStatus() {
        server.expect(requestTo("https://na1.example/lol/summoner/v4/summoners/a"))
                .andRespond(withServiceUnavailable());

        assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
                .isThrownBy(() -> api.summoner("a"));
    }
}
