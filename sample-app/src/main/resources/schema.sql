-- The ladder of the embedded API: 300 challengers and 700 masters from a file of the sample.
CREATE TABLE IF NOT EXISTS ladder_entry (
  position INT PRIMARY KEY,
  tier VARCHAR(16) NOT NULL,
  summoner_id VARCHAR(63) NOT NULL UNIQUE,
  puuid VARCHAR(78) NOT NULL UNIQUE,
  summoner_level INT NOT NULL,
  league_points INT NOT NULL,
  wins INT NOT NULL,
  losses INT NOT NULL
) AS SELECT * FROM CSVREAD('classpath:ladder.csv');

-- The results of the ladder job, in ladder order.
CREATE TABLE IF NOT EXISTS ladder_puuid (
  position INT PRIMARY KEY,
  puuid VARCHAR(78) NOT NULL
);

-- The results of the matches job.
CREATE TABLE IF NOT EXISTS match_duration (
  match_id VARCHAR(24) PRIMARY KEY,
  seconds INT NOT NULL
);
