package sample.demo.upstream;

import java.util.SplittableRandom;

/** JSON of invented matches, about 30 kB each. The same id always has the same JSON. */
final class MatchJson {

    private static final int PLAYERS = 10;

    private static final int CHALLENGES = 110;

    private MatchJson() {}

    static String of(String id) {
        SplittableRandom random = new SplittableRandom(id.hashCode());
        StringBuilder json = new StringBuilder(32_000);
        json.append("{\"metadata\":{\"dataVersion\":\"2\",\"matchId\":\"").append(id);
        json.append("\"},\"info\":{\"gameDuration\":").append(random.nextInt(900, 2700));
        json.append(",\"queueId\":420,\"participants\":[");
        for (int player = 0; player < PLAYERS; player++) {
            json.append(player == 0 ? "{" : ",{");
            json.append("\"participantId\":").append(player + 1);
            json.append(",\"kills\":").append(random.nextInt(20));
            json.append(",\"deaths\":").append(random.nextInt(20));
            json.append(",\"assists\":").append(random.nextInt(20));
            json.append(",\"challenges\":{");
            for (int challenge = 0; challenge < CHALLENGES; challenge++) {
                json.append(challenge == 0 ? "\"challenge" : ",\"challenge").append(100 + challenge);
                json.append("\":").append(random.nextInt(1_000_000, 9_000_000)).append(".25");
            }
            json.append("}}");
        }
        return json.append("]}}").toString();
    }
}
