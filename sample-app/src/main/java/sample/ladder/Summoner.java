package sample.ladder;

/** A summoner, as returned by the league API. */
public record Summoner(String id, String puuid, int summonerLevel) {}
