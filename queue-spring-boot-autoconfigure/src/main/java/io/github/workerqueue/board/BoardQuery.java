package io.github.workerqueue.board;

import io.github.workerqueue.QueueReport;
import io.github.workerqueue.QueueReport.BlockedProducer;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.Task;
import io.github.workerqueue.QueueReport.WaitingTask;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.board.BoardDescriptor.ControlsDescriptor;
import io.github.workerqueue.board.BoardDescriptor.FailuresDescriptor;
import io.github.workerqueue.board.BoardDescriptor.LimitDescriptor;
import io.github.workerqueue.board.BoardDescriptor.NameDescriptor;
import io.github.workerqueue.board.BoardDescriptor.ProducerDescriptor;
import io.github.workerqueue.board.BoardDescriptor.ProgressDescriptor;
import io.github.workerqueue.board.BoardDescriptor.QueueDescriptor;
import io.github.workerqueue.board.BoardDescriptor.RunningDescriptor;
import io.github.workerqueue.board.BoardDescriptor.SelectedDescriptor;
import io.github.workerqueue.board.BoardDescriptor.WaitingDescriptor;
import io.github.workerqueue.board.Samples.Figure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Query of the page.
 *
 * @param page the page of the overview, from 1; a number out of range selects the nearest page
 * @param name the selected name; null for none
 * @param id the ID of the selected queue; null for the newest one
 * @param since the number of the newest sample that the page has
 * @param failures the version of the failures that the page has
 * @param values whether to show messages, and names that are not from the {@code TaskOptions}
 */
record BoardQuery(int page, @Nullable String name, @Nullable Long id, long since, long failures, boolean values) {

    /** Maximum length of names of tasks and threads. */
    static final int MAX_TEXT = 60;

    private static final int PAGE_SIZE = 20;

    private static final int MAX_SAMPLES = 30;

    private static final int MAX_RUNNING = 10;

    private static final int MAX_BLOCKED = 5;

    /** Maximum length of a response in JSON, which limits the lanes and failures. */
    private static final int MAX_LENGTH = 10_000;

    /** Length of the selected queue in JSON, without its samples, lanes and failures. */
    private static final int SELECTED_LENGTH = 3_900;

    private static final int SECOND_LENGTH = 70;

    /** Length of a row of the overview in JSON, without its texts. */
    private static final int ROW_LENGTH = 150;

    BoardDescriptor on(QueueBoard board, ControlsDescriptor controls) {
        Map<String, List<WorkerQueue<?>>> open = new HashMap<>();
        for (WorkerQueue<?> queue : board.open()) {
            open.computeIfAbsent(queue.name(), key -> new ArrayList<>()).add(queue);
        }
        List<NameRecord> names = board.names().stream()
                .sorted(Comparator.comparing(record -> record.name))
                .toList();
        int pages = Math.max(1, (names.size() + PAGE_SIZE - 1) / PAGE_SIZE);
        int shown = Math.max(1, Math.min(page, pages));
        Map<String, String> stalled = board.stalled();
        List<NameDescriptor> overview = names.stream()
                .skip((long) (shown - 1) * PAGE_SIZE)
                .limit(PAGE_SIZE)
                .map(record -> overview(stalled, record, open.getOrDefault(record.name, List.of())))
                .toList();
        NameRecord selected = name == null ? null : board.name(name);
        if (selected != null) {
            board.watch(selected);
        }
        return new BoardDescriptor(
                board.instance(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                board.second(),
                shown,
                pages,
                names.size(),
                overview,
                controls,
                selected == null
                        ? null
                        : select(
                                board,
                                stalled,
                                selected,
                                open.getOrDefault(selected.name, List.of()),
                                lengthLeft(overview)));
    }

    private static int lengthLeft(List<NameDescriptor> overview) {
        return MAX_LENGTH
                - overview.stream()
                        .mapToInt(row -> ROW_LENGTH
                                + row.name().length()
                                + row.limit().text().length())
                        .sum();
    }

    private static NameDescriptor overview(Map<String, String> stalled, NameRecord record, List<WorkerQueue<?>> open) {
        long workers = 0;
        long active = 0;
        long maxsize = 0;
        long depth = 0;
        List<LimitDescriptor> limits = new ArrayList<>();
        for (WorkerQueue<?> queue : open) {
            QueueSnapshot figures = queue.snapshot();
            workers += figures.workers();
            active += figures.active();
            maxsize += figures.maxsize();
            depth += figures.depth();
            limits.add(limit(stalled, queue, figures));
        }
        return new NameDescriptor(
                record.name,
                open.size(),
                workers,
                active,
                maxsize,
                depth,
                record.samples.newest(Figure.SUCCEEDED),
                record.samples.newest(Figure.FAILED),
                record.samples.newest(Figure.CANCELLED),
                LimitSentence.firstOf(limits));
    }

    private static LimitDescriptor limit(Map<String, String> stalled, WorkerQueue<?> queue, QueueSnapshot figures) {
        return LimitSentence.of(figures, queue.limits(), stalled.get(figures.name() + " (" + figures.id() + ")"));
    }

    private SelectedDescriptor select(
            QueueBoard board,
            Map<String, String> stalled,
            NameRecord record,
            List<WorkerQueue<?>> open,
            int lengthLeft) {
        Map<Long, WorkerQueue<?>> byId = new TreeMap<>();
        open.forEach(queue -> byId.put(queue.snapshot().id(), queue));
        List<QueueDescriptor> queues = byId.values().stream()
                .skip(Math.max(0, byId.size() - QueueBoard.MAX_QUEUES))
                .map(queue -> {
                    QueueSnapshot figures = queue.snapshot();
                    return new QueueDescriptor(figures.id(), figures.state());
                })
                .toList();
        Map<String, Object> samples = record.samples.after(since, MAX_SAMPLES);
        int seconds = (int) Math.max(0, Math.min(MAX_SAMPLES, board.second() - since));
        int left = lengthLeft - SELECTED_LENGTH - SECOND_LENGTH * seconds;
        FailuresDescriptor failed = record.failures.after(failures, values, left / 2);
        WorkerQueue<?> queue = selected(byId);
        if (queue == null) {
            return new SelectedDescriptor(
                    record.name,
                    null,
                    queues,
                    null,
                    LimitSentence.firstOf(List.of()),
                    samples,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    failed);
        }
        QueueReport report = queue.report();
        QueueSnapshot figures = report.figures();
        QueueRecord details = board.queue(figures.id());
        Lanes lanes = details == null ? null : details.lanes;
        WaitingTask oldest = report.oldest();
        return new SelectedDescriptor(
                record.name,
                figures.id(),
                queues,
                figures,
                limit(stalled, queue, figures),
                samples,
                lanes == null ? null : lanes.after(since, figures.workers(), left / 2),
                progress(figures, details == null ? 0 : details.rate()),
                running(report.running()),
                more(report.running(), MAX_RUNNING),
                oldest == null ? null : new WaitingDescriptor(oldest.index(), name(oldest), age(oldest.age())),
                report.blocked().stream()
                        .limit(MAX_BLOCKED)
                        .map(BoardQuery::blocked)
                        .toList(),
                more(report.blocked(), MAX_BLOCKED),
                failed);
    }

    private @Nullable WorkerQueue<?> selected(Map<Long, WorkerQueue<?>> byId) {
        WorkerQueue<?> wanted = id == null ? null : byId.get(id);
        WorkerQueue<?> selected = null;
        for (WorkerQueue<?> queue : byId.values()) {
            selected = queue;
        }
        return wanted == null ? selected : wanted;
    }

    private static ProgressDescriptor progress(QueueSnapshot figures, double rate) {
        long left = (long) figures.depth() + figures.active();
        return new ProgressDescriptor(
                Math.max(0, figures.counter() - left),
                figures.counter(),
                left == 0 || rate == 0 ? null : Math.round(10 * left / rate) / 10.0);
    }

    private List<RunningDescriptor> running(List<RunningTask> running) {
        return running.stream()
                .sorted(Comparator.comparing(BoardQuery::ageOrZero).reversed())
                .limit(MAX_RUNNING)
                .map(task -> {
                    Thread thread = task.thread();
                    return new RunningDescriptor(
                            task.index(),
                            name(task),
                            task.worker(),
                            task.attempts(),
                            age(task.age()),
                            thread == null ? null : ShortText.of(thread.getName(), MAX_TEXT),
                            thread == null ? true : null);
                })
                .toList();
    }

    private static Duration ageOrZero(RunningTask task) {
        Duration age = task.age();
        return age == null ? Duration.ZERO : age;
    }

    private static ProducerDescriptor blocked(BlockedProducer producer) {
        return new ProducerDescriptor(ShortText.of(producer.thread().getName(), MAX_TEXT), tenths(producer.age()));
    }

    private String name(Task task) {
        return ShortText.of(values || task.named() ? task.name() : task.type(), MAX_TEXT);
    }

    private static @Nullable Integer more(List<?> all, int shown) {
        return all.size() > shown ? all.size() - shown : null;
    }

    private static @Nullable Number age(@Nullable Duration age) {
        return age == null ? null : tenths(age);
    }

    private static Number tenths(Duration age) {
        return Math.round(age.toMillis() / 100.0) / 10.0;
    }
}
