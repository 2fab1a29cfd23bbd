package sample.ladder;

/** A summoner's place in a league, as the league API returns it. */
public record LeagueEntry(String summonerId, int leaguePoints, String rank, int wins, int losses) {}
