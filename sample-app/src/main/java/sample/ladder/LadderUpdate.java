package sample.ladder;

/** Result of the job. The leagues have {@code entries} summoners, and {@code puuids} of them are stored. */
public record LadderUpdate(int leagues, int entries, int puuids) {}
