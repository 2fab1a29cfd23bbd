package sample.ladder;

/** The place of a summoner in a league, as returned by the league API. */
public record LeagueEntry(String summonerId, int leaguePoints, String rank, int wins, int losses) {}
