package sample.ladder;

import java.util.List;

/** One tier of a ladder, as the league API returns it. */
public record League(String tier, String leagueId, String queue, String name, List<LeagueEntry> entries) {}
