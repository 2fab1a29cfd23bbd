package io.github.workerqueue.board;

import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.board.BoardDescriptor.LaneDescriptor;
import io.github.workerqueue.board.BoardDescriptor.LanesDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Work of each worker of one queue in the last minute, in cells of one second. */
final class Lanes {

    /*
     * State. Each worker has a lane, which is a ring of cells and the sums of the present second. The threads of the
     * tasks add to the sums under the lock of the lane. Once per second, the sampler thread adds the tasks that are
     * still running, and then turns the sums into a cell. The choice of the shown lanes changes every ten seconds,
     * under the lock of this object.
     *
     * Busy time. A task reports its running time at its end, so no clock is read per task. The sampler thread credits a
     * running task with its age and remembers the index and the credit, and the end of the task adds only the rest. If
     * the task ends while the sampler thread holds a report that shows it as running, one second may be counted twice.
     * The share of a second is therefore limited to its whole. The running time of an attempt that is followed by a
     * retry is known only from the reports.
     */

    /** Number of cells of a lane. */
    static final int CELLS = 60;

    /** Maximum number of shown lanes. */
    static final int SHOWN = 25;

    /** Maximum number of workers with a lane. */
    static final int MAX_WORKERS = 1_000;

    private static final int CELL_LENGTH = 3;

    /** Length of a lane in JSON without its cells. */
    private static final int LANE_LENGTH = 45;

    private static final int CHOICE_SECONDS = 10;

    private static final int FULL = 9;

    private final Map<Integer, Lane> lanes = new ConcurrentHashMap<>();

    /** Second of the first cell. */
    private final long start;

    /** Shown workers, with the second in which each was chosen. Guarded by this object. */
    private Map<Integer, Long> shown = new TreeMap<>();

    /** Guarded by this object. */
    private long newest;

    /** Creates empty lanes, whose first cell is that of the second after the given one. */
    Lanes(long second) {
        start = second + 1;
        newest = second;
    }

    void finished(int worker, long index, long ran, Outcome outcome) {
        Lane lane = lane(worker);
        if (lane != null) {
            lane.finished(index, ran, outcome);
        }
    }

    void retried(int worker, long index) {
        Lane lane = lane(worker);
        if (lane != null) {
            lane.retried(index);
        }
    }

    private @Nullable Lane lane(int worker) {
        if (worker < 1 || worker > MAX_WORKERS) {
            return null;
        }
        Lane lane = lanes.get(worker);
        return lane != null ? lane : lanes.computeIfAbsent(worker, key -> new Lane());
    }

    /** Completes the cells of a second. Confined to the sampler thread. */
    synchronized void complete(long second, long nanos, int workers, List<RunningTask> running) {
        for (RunningTask task : running) {
            Lane lane = lane(task.worker());
            if (lane != null) {
                lane.running(task);
            }
        }
        lanes.values().forEach(lane -> lane.complete((int) (second % CELLS), nanos));
        newest = second;
        if (second % CHOICE_SECONDS == 0 || shown.size() < Math.min(SHOWN, workers)) {
            shown = choose(workers);
        }
    }

    private Map<Integer, Long> choose(int workers) {
        Comparator<Integer> busiest = Comparator.comparingInt(worker -> -busy(worker));
        Map<Integer, Long> chosen = new TreeMap<>();
        Stream.concat(IntStream.rangeClosed(1, Math.min(workers, MAX_WORKERS)).boxed(), lanes.keySet().stream())
                .distinct()
                .sorted(busiest.thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .forEach(worker -> chosen.put(worker, shown.getOrDefault(worker, newest)));
        return chosen;
    }

    private int busy(int worker) {
        Lane lane = lanes.get(worker);
        return lane == null ? 0 : lane.busy();
    }

    /**
     * Returns the shown lanes with the cells after a second. A lane that was chosen since then has all its cells.
     *
     * @param since the second
     * @param workers the number of workers
     * @param length the available length in JSON, which may limit the number of cells
     */
    synchronized LanesDescriptor after(long since, int workers, int length) {
        int cells = Math.max(1, Math.min(CELLS, (length / Math.max(1, shown.size()) - LANE_LENGTH) / CELL_LENGTH));
        long oldest = Math.max(start, newest - cells + 1);
        long first = Math.max(since + 1, oldest);
        List<LaneDescriptor> descriptors = new ArrayList<>();
        shown.forEach((worker, chosen) -> {
            long begin = chosen > since ? oldest : first;
            descriptors.add(new LaneDescriptor(worker, begin == first ? null : begin, cells(worker, begin)));
        });
        int others = Math.max(0, workers - shown.size());
        return new LanesDescriptor(first, workers, descriptors, others, others == 0 ? null : busyShareOfOthers(others));
    }

    private String cells(int worker, long first) {
        Lane lane = lanes.get(worker);
        StringBuilder cells = new StringBuilder();
        for (long second = first; second <= newest; second++) {
            if (lane == null) {
                cells.append(Lane.IDLE);
            } else {
                lane.appendCell((int) (second % CELLS), cells);
            }
        }
        return cells.toString();
    }

    private double busyShareOfOthers(int others) {
        int at = (int) (newest % CELLS);
        int busy = lanes.entrySet().stream()
                .filter(lane -> !shown.containsKey(lane.getKey()))
                .mapToInt(lane -> lane.getValue().busy(at))
                .sum();
        return Math.min(1, Math.round(100.0 * busy / FULL / others) / 100.0);
    }

    /** Lane of one worker. All fields are guarded by the lane. */
    private static final class Lane {

        static final String IDLE = "0-.";

        private static final long SECOND = 1_000_000_000;

        private final char[] cells = IDLE.repeat(CELLS).toCharArray();

        private long busyNanos;

        private long creditedIndex = -1;

        private long credit;

        private char outcome = '-';

        private boolean async;

        private boolean again;

        synchronized void finished(long index, long ran, Outcome ended) {
            busyNanos += index == creditedIndex ? Math.max(0, ran - credit) : ran;
            end(
                    index,
                    switch (ended) {
                        case SUCCESS -> 's';
                        case FAILURE -> 'f';
                        case CANCELLED -> 'c';
                    });
        }

        synchronized void retried(long index) {
            end(index, 'r');
        }

        private void end(long index, char ended) {
            if (index == creditedIndex) {
                creditedIndex = -1;
            }
            if (rank(ended) > rank(outcome)) {
                outcome = ended;
            }
        }

        private static int rank(char outcome) {
            return "-scrf".indexOf(outcome);
        }

        synchronized void running(RunningTask task) {
            Duration age = task.age();
            long nanos = age == null ? SECOND : age.toNanos();
            boolean known = task.index() == creditedIndex && nanos >= credit;
            busyNanos += known ? nanos - credit : nanos;
            creditedIndex = task.index();
            credit = nanos;
            async |= task.thread() == null;
            again |= task.attempts() > 1;
        }

        synchronized void complete(int at, long nanos) {
            int share = (int) Math.min(FULL, Math.round((double) FULL * busyNanos / nanos));
            boolean worked = busyNanos > 0 || outcome != '-';
            cells[CELL_LENGTH * at] = (char) ('0' + (worked ? Math.max(1, share) : 0));
            cells[CELL_LENGTH * at + 1] = outcome;
            cells[CELL_LENGTH * at + 2] = async ? again ? 'b' : 'a' : again ? '2' : '.';
            busyNanos = 0;
            outcome = '-';
            async = false;
            again = false;
        }

        synchronized int busy(int at) {
            return cells[CELL_LENGTH * at] - '0';
        }

        synchronized int busy() {
            return IntStream.range(0, CELLS).map(this::busy).sum();
        }

        synchronized void appendCell(int at, StringBuilder text) {
            text.append(cells, CELL_LENGTH * at, CELL_LENGTH);
        }
    }
}
