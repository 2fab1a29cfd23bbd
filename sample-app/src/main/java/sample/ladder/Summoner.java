package sample.ladder;

/** A summoner, as the league API returns it. */
public record Summoner(String id, String puuid, int summonerLevel) {}
