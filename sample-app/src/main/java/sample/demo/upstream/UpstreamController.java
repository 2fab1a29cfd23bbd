package sample.demo.upstream;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import sample.ladder.League;
import sample.ladder.Summoner;

/** Endpoints of the embedded league API. */
@RestController
@RequestMapping("/lol")
class UpstreamController {

    private static final String RANKED_QUEUE = "RANKED_SOLO_5x5";

    private final UpstreamLadder ladder;

    private final UpstreamBehavior behavior;

    UpstreamController(UpstreamLadder ladder, UpstreamBehavior behavior) {
        this.ladder = ladder;
        this.behavior = behavior;
    }

    @GetMapping("/league/v4/challengerleagues/by-queue/{queue}")
    ResponseEntity<League> challengerLeague(@PathVariable String queue) {
        return league("CHALLENGER", queue);
    }

    @GetMapping("/league/v4/masterleagues/by-queue/{queue}")
    ResponseEntity<League> masterLeague(@PathVariable String queue) {
        return league("MASTER", queue);
    }

    @GetMapping("/summoner/v4/summoners/{id}")
    ResponseEntity<Summoner> summoner(@PathVariable String id) {
        return ResponseEntity.of(ladder.summoner(id));
    }

    @GetMapping(path = "/match/v5/matches/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    String match(@PathVariable String id) {
        return MatchJson.of(id);
    }

    private ResponseEntity<League> league(String tier, String queue) {
        if (!queue.equals(RANKED_QUEUE)) {
            return ResponseEntity.notFound().build();
        }
        return ResponseEntity.ok(
                new League(tier, "embedded-" + tier, queue, "Embedded", ladder.entries(tier, behavior.summoners())));
    }
}
