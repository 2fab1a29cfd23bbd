package io.github.workerqueue;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * 10,000 calls of a {@link WebClient}, 500 concurrently, to a server in this JVM that takes 50 ms for each. A queue on
 * platform threads alternates with Reactor's flatMap, which shows the cost of client and server alone. Ten runs of each
 * warm up. The program prints times as multiples of the ideal 1.0 s, CPU times of the whole process, the maximum number
 * of concurrent requests, and the number of threads of the queue. Argument: number of runs (10).
 */
public final class AsyncCalls {

    private static final int CALLS = 10_000;

    private static final int WORKERS = 500;

    private static final Duration DELAY = Duration.ofMillis(50);

    private static final double IDEAL_NANOS = (double) DELAY.toNanos() * CALLS / WORKERS;

    private static final int WARM_UPS = 10;

    private final LoopResources loop = LoopResources.create("server", 1, true);

    private final Scheduler serverThread =
            Schedulers.fromExecutorService(loop.onServer(true).next());

    private final AtomicInteger inFlight = new AtomicInteger();

    private final AtomicInteger most = new AtomicInteger();

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private final DisposableServer server = HttpServer.create()
            .runOn(loop)
            .host("127.0.0.1")
            .port(0)
            .handle((request, response) -> {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                return Mono.delay(DELAY, serverThread)
                        .doOnTerminate(inFlight::decrementAndGet)
                        .then(response.sendString(Mono.just("done")).then());
            })
            .bindNow();

    private final WebClient client = WebClient.builder()
            .baseUrl("http://127.0.0.1:" + server.port())
            .clientConnector(
                    new ReactorClientHttpConnector(HttpClient.create(ConnectionProvider.create("client", 2 * WORKERS))))
            .build();

    private final QueueFactory factory = QueueFactory.builder()
            .defaults(QueueContender.settings(WORKERS, 2 * WORKERS, false))
            .listener(new QueueListener() {
                @Override
                public void finished(
                        String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                    threads.add(Thread.currentThread());
                }
            })
            .build();

    private interface Calls {

        int make() throws InterruptedException;
    }

    private AsyncCalls() {}

    public static void main(String[] args) throws InterruptedException {
        int times = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        AsyncCalls calls = new AsyncCalls();
        for (int i = 0; i < WARM_UPS; i++) {
            time(calls::throughFlatMap);
            time(calls::throughQueue);
        }
        List<Run> bare = new ArrayList<>();
        List<Run> queued = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            bare.add(time(calls::throughFlatMap));
            calls.most.set(0);
            calls.threads.clear();
            queued.add(time(calls::throughQueue));
            System.out.printf(
                    Locale.ROOT,
                    "flatMap %s, queue %s; at most %d in flight, %d threads of the queue%n",
                    bare.get(i),
                    queued.get(i),
                    calls.most.get(),
                    calls.threads.size());
        }
        print("flatMap", bare);
        print("queue", queued);
        System.exit(0);
    }

    private static void print(String name, List<Run> runs) {
        List<Run> sorted =
                runs.stream().sorted(Comparator.comparingDouble(Run::ratio)).toList();
        System.out.printf("%s: best %s, median %s%n", name, sorted.get(0), sorted.get(sorted.size() / 2));
    }

    private static Run time(Calls calls) throws InterruptedException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        int made = calls.make();
        double ratio = (System.nanoTime() - start) / IDEAL_NANOS;
        if (made != CALLS) {
            throw new IllegalStateException(made + " results of " + CALLS + " calls");
        }
        return new Run(ratio, (system.getProcessCpuTime() - cpu) / 1e3 / CALLS);
    }

    private record Run(double ratio, double cpuMicros) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f (%.0f µs of CPU a call)", ratio, cpuMicros);
        }
    }

    private int throughQueue() throws InterruptedException {
        try (WorkerQueue<String> queue = factory.open()) {
            for (int i = 0; i < CALLS; i++) {
                queue.putAsync(() -> call().toFuture());
            }
            return queue.join().size();
        }
    }

    private int throughFlatMap() {
        Long count = Flux.range(0, CALLS).flatMap(i -> call(), WORKERS).count().block();
        return Math.toIntExact(count == null ? 0 : count);
    }

    private Mono<String> call() {
        return client.get().uri("/").retrieve().bodyToMono(String.class);
    }
}
