package sample.ladder;

import java.util.List;

/** A tier of the ladder, as returned by the league API. */
public record League(String tier, String leagueId, String queue, String name, List<LeagueEntry> entries) {}
