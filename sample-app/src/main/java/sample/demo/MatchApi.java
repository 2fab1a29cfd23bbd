package sample.demo;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** HTTP client of the match API. */
@HttpExchange("/lol/match/v5/matches")
interface MatchApi {

    @GetExchange("/{id}")
    String matchJson(@PathVariable String id);
}
