package sample.ladder;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * HTTP client of the league API. Its methods block until the response arrives, and throw an exception for an error
 * status.
 */
@HttpExchange("/lol")
public interface LeagueApi {

    @GetExchange("/league/v4/challengerleagues/by-queue/{rankedQueue}")
    League challengerLeague(@PathVariable String rankedQueue);

    @GetExchange("/league/v4/masterleagues/by-queue/{rankedQueue}")
    League masterLeague(@PathVariable String rankedQueue);

    @GetExchange("/summoner/v4/summoners/{id}")
    Summoner summoner(@PathVariable String id);
}
