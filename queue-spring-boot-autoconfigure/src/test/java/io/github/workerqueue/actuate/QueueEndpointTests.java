package io.github.workerqueue.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.workerqueue.QueueClosedException;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueReport;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Tests for the endpoint over HTTP and JMX. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class QueueEndpointTests {

    private static final String UNRESTRICTED = "--management.endpoint.queues.access=unrestricted";

    /** Strong references to queues of a test, since an unreachable queue is closed. */
    private final List<WorkerQueue<?>> kept = new ArrayList<>();

    private final HttpClient client = HttpClient.newHttpClient();

    private final CountDownLatch goOn = new CountDownLatch(1);

    private @Nullable ConfigurableApplicationContext context;

    @AfterEach
    void close() {
        goOn.countDown();
        if (context != null) {
            context.close();
        }
    }

    @Test
    void endpointShowsRunningAndWaitingTasksAndBlockedProducersOfOpenQueues() throws Exception {
        QueueFactory factory = start(Application.class);
        WorkerQueue<String> queue = openBusyQueue(factory, "riot");
        kept.add(factory.open("idle"));
        factory.open("closed").close();
        Thread producer = new Thread(() -> put(queue, "held back"), "producer");
        producer.start();
        await().until(() -> queue.snapshot().blockedProducers() == 1);

        DocumentContext body = JsonPath.parse(get("").body());
        assertThat(body.<List<String>>read("$.queues[*].figures.name")).containsExactly("riot", "idle");
        assertThat(body.<Map<String, Object>>read("$.queues[0].figures"))
                .containsEntry("state", "OPEN")
                .containsEntry("workers", 1)
                .containsEntry("active", 1)
                .containsEntry("depth", 1)
                .containsEntry("blockedProducers", 1)
                .containsEntry("put", 2)
                .containsKey("id");
        assertThat(body.<String>read("$.queues[0].running[0].name")).isEqualTo("match 17");
        assertThat(body.<Integer>read("$.queues[0].running[0].index")).isZero();
        assertThat(body.<String>read("$.queues[0].running[0].thread")).isEqualTo("queue-riot-1");
        assertThat(body.<String>read("$.queues[0].running[0].age")).startsWith("PT");
        assertThat(body.<String>read("$.queues[0].oldest.name")).isEqualTo("match 18");
        assertThat(body.<String>read("$.queues[0].oldest.age")).startsWith("PT");
        assertThat(body.<String>read("$.queues[0].blocked[0].thread")).isEqualTo("producer");
        assertThat(body.<String>read("$.queues[0].blocked[0].age")).startsWith("PT");
        assertThat(body.<Map<String, Object>>read("$.queues[1]")).doesNotContainKey("oldest");
        goOn.countDown();
        producer.join();
    }

    @Test
    void endpointShowsStacksOnlyWhenRequested() throws Exception {
        openBusyQueue(start(Application.class), "riot");
        assertThat(get("").body()).doesNotContain("\"stack\"");
        for (String path : List.of("?stacks=true", "/riot?stacks=true")) {
            List<String> stack = JsonPath.read(get(path).body(), "$.queues[0].running[0].stack");
            assertThat(stack).anyMatch(frame -> frame.contains("CountDownLatch.await"));
        }
    }

    @Test
    void everyRunningTaskHasStackOrHasEndedWhenTasksKeepEnding() throws Exception {
        WorkerQueue<String> queue = start(Application.class).open("riot", settings -> settings.withWorkers(40));
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch ready = new CountDownLatch(40);
        Thread producer = new Thread(() -> {
            while (!done.get()) {
                put(queue, () -> {
                    ready.countDown();
                    LockSupport.parkNanos(5_000_000);
                    return null;
                });
            }
        });
        producer.start();
        ready.await();
        int shown = 0;
        int stacks = 0;
        for (int i = 0; i < 5; i++) {
            List<Map<String, Object>> running =
                    JsonPath.read(get("/riot?stacks=true").body(), "$.queues[0].running");
            for (Map<String, Object> task : running) {
                assertThat(task.containsKey("stack")).isNotEqualTo(Boolean.TRUE.equals(task.get("ended")));
                stacks += task.containsKey("stack") ? 1 : 0;
            }
            shown += running.size();
        }
        done.set(true);
        producer.join();
        queue.close();

        assertThat(shown).isGreaterThan(100);
        assertThat(stacks).as("of %d", shown).isGreaterThan(shown * 9 / 10);
    }

    @Test
    void taskIsShownAsEndedWhenItsStackIsEmpty() {
        Thread thread = new Thread(() -> {}, "queue-riot-1");
        QueueReport.RunningTask ended =
                new QueueReport.RunningTask(3, TaskOptions.named("match 17"), null, thread, List.of());
        QueueReport.RunningTask held = new QueueReport.RunningTask(4, TaskOptions.named("match 18"), null, null);

        assertThat(QueuesDescriptor.describe(ended, false))
                .isEqualTo(new QueuesDescriptor.TaskDescriptor(3, "match 17", null, "queue-riot-1", null, true));
        assertThat(QueuesDescriptor.describe(held, false))
                .isEqualTo(new QueuesDescriptor.TaskDescriptor(4, "match 18", null, null, null));
    }

    @Test
    void endpointShowsDepthAndNumberOfTasksThatWaitForRetry() throws Exception {
        WorkerQueue<String> queue = start(Application.class)
                .open(
                        "riot",
                        settings -> settings.withWorkers(1)
                                .withMaxsize(1)
                                .withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        for (int i = 0; i < 3; i++) {
            queue.execute(() -> {
                throw new IOException();
            });
        }
        await().until(() -> queue.snapshot().retrying() == 3);

        assertThat(JsonPath.<Map<String, Object>>read(get("/riot").body(), "$.queues[0].figures"))
                .containsEntry("depth", 3)
                .containsEntry("maxsize", 1)
                .containsEntry("retrying", 3);
        queue.cancel();
    }

    @Test
    void settingsOfConfiguredNameAreShownWhenNoQueueIsOpen() throws Exception {
        QueueFactory factory = start(
                Application.class,
                UNRESTRICTED,
                "--queue.instances.riot.workers=3",
                "--queue.instances[a.b].maxsize=9");
        String settings = "{\"queues\":[],\"settings\":{\"workers\":3,\"maxsize\":6}}";
        assertThat(get("/riot").statusCode()).isEqualTo(200);
        assertThat(get("/riot").body()).isEqualTo(settings);
        assertThat(get("/riot?stacks=true").body()).isEqualTo(settings);
        assertThat(get("/a.b").body()).isEqualTo("{\"queues\":[],\"settings\":{\"workers\":25,\"maxsize\":9}}");
        assertThat(get("/default").body()).isEqualTo("{\"queues\":[],\"settings\":{\"workers\":25,\"maxsize\":50}}");
        assertNotFound(get("/riot?id=1"), "No queue named 'riot' with the id 1 is open");
        assertNotFound(get("/none"), "No queue named 'none' is open");
        assertNotFound(post("/riot", "{\"action\":\"pause\"}"), "No queue named 'riot' is open");

        WorkerQueue<?> queue = factory.open("riot");
        assertThat(JsonPath.<Map<String, Object>>read(get("/riot").body(), "$")).containsOnlyKeys("queues");
        queue.close();
        assertThat(get("/riot").body()).isEqualTo(settings);
    }

    private static void assertNotFound(HttpResponse<String> response, String message) {
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(JsonPath.<String>read(response.body(), "$.message")).isEqualTo(message);
    }

    @Test
    void endpointShowsAllQueuesOfNameOrOneWhenIdIsGiven() throws Exception {
        QueueFactory factory = start(Application.class);
        WorkerQueue<?> first = factory.open("riot");
        WorkerQueue<?> second = factory.open("riot");
        kept.add(factory.open("other"));

        assertThat(ids(get("/riot")))
                .containsExactly(first.snapshot().id(), second.snapshot().id());
        assertThat(ids(get("/riot?id=" + second.snapshot().id())))
                .containsExactly(second.snapshot().id());
        assertThat(get("/none").statusCode()).isEqualTo(404);
        assertThat(get("/other?id=" + first.snapshot().id()).statusCode()).isEqualTo(404);
    }

    @Test
    void endpointRejectsChangesByDefault() throws Exception {
        WorkerQueue<?> queue = start(Application.class).open("riot");
        assertThat(post("/riot", "{\"action\":\"pause\"}").statusCode()).isEqualTo(405);
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
    }

    @Test
    void endpointChangesAllQueuesOfNameOrOneWhenIdIsGiven() throws Exception {
        QueueFactory factory = start(Application.class, UNRESTRICTED);
        WorkerQueue<?> first = factory.open("riot");
        WorkerQueue<?> second = factory.open("riot");
        WorkerQueue<?> other = factory.open("other");

        assertThat(states(post("/riot", "{\"action\":\"pause\"}"))).containsExactly("PAUSED", "PAUSED");
        String one = "{\"action\":\"resume\",\"id\":" + second.snapshot().id() + "}";
        assertThat(states(post("/riot", one))).containsExactly("OPEN");
        assertThat(Stream.of(first, second, other).map(queue -> queue.snapshot().state()))
                .containsExactly(QueueSnapshot.State.PAUSED, QueueSnapshot.State.OPEN, QueueSnapshot.State.OPEN);
        assertThat(post("/riot", "{\"action\":\"resize\",\"workers\":7}").statusCode())
                .isEqualTo(200);
        assertThat(Stream.of(first, second, other).map(WorkerQueue::workers)).containsExactly(7, 7, 25);
        assertThat(post("/none", "{\"action\":\"pause\"}").statusCode()).isEqualTo(404);
    }

    @Test
    void changeIsLoggedWithItsUser(CapturedOutput output) throws Exception {
        QueueFactory factory = start(SecuredApplication.class, UNRESTRICTED);
        WorkerQueue<?> queue = factory.open("riot", settings -> settings.withWorkers(7));
        kept.add(queue);
        long first = queue.snapshot().id();
        post("/riot", "{\"action\":\"pause\"}");
        WorkerQueue<?> other = factory.open("riot");
        kept.add(other);
        long second = other.snapshot().id();
        post("/riot", "{\"action\":\"resize\",\"workers\":9}", "operator");
        post("/riot", "{\"action\":\"stop\"}", "operator");
        post("/none", "{\"action\":\"cancel\"}", "operator");

        assertThat(output.getAll().lines().filter(line -> line.contains("requested by")))
                .extracting(line -> line.substring(line.indexOf("Queue '")))
                .containsExactly(
                        "Queue 'riot' (" + first + "): pause, requested by anonymous",
                        "Queue 'riot' (" + first + ", " + second
                                + "): resize from 7, 25 to 9 workers, requested by operator");
    }

    @Test
    void userNameCannotForgeLogLine(CapturedOutput output) {
        try (QueueFactory factory = QueueFactory.create(QueueSettings.defaults());
                WorkerQueue<?> queue = factory.open("riot")) {
            SecurityContext user = new SecurityContext() {
                @Override
                public Principal getPrincipal() {
                    return () -> "eve\n2026-01-01 Queue 'riot' (1): cancel, requested by operator";
                }

                @Override
                public boolean isUserInRole(String role) {
                    return false;
                }
            };
            new QueueEndpointWebExtension(new QueueEndpoint(List.of(factory), Show.NEVER), Show.NEVER, Set.of())
                    .change(user, "riot", "pause", null, null);
            assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.PAUSED);
            assertThat(output.getAll().lines().filter(line -> line.contains("requested by")))
                    .singleElement()
                    .asString()
                    .contains("pause, requested by eve?2026");
        }
    }

    @Test
    void cancelledQueueStaysUsable() throws Exception {
        QueueFactory factory = start(Application.class, UNRESTRICTED);
        WorkerQueue<String> queue = openBusyQueue(factory, "riot");
        assertThat(post("/riot", "{\"action\":\"cancel\"}").statusCode()).isEqualTo(200);
        queue.put(() -> "after");
        assertThat(queue.join()).containsExactly("after");
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
    }

    @Test
    void drainedQueueRunsAcceptedTasksAndCloses() throws Exception {
        QueueFactory factory = start(Application.class, UNRESTRICTED);
        WorkerQueue<String> queue = openBusyQueue(factory, "riot");
        queue.pause();
        assertThat(states(post("/riot", "{\"action\":\"drain\"}"))).containsExactly("CLOSING");
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.put(() -> "refused"));
        goOn.countDown();
        await().until(() -> queue.snapshot().state() == QueueSnapshot.State.CLOSED);
        assertThat(queue.join()).containsExactly("match 17", "match 18");
        await().untilAsserted(() -> assertThat(factory.queues()).isEmpty());
        assertThat(get("/riot").statusCode()).isEqualTo(404);
    }

    @Test
    void endpointReportsAllowedValuesWhenValueIsInvalid() throws Exception {
        WorkerQueue<?> queue = start(Application.class, UNRESTRICTED).open("riot");
        String actions = "one of pause, resume, resize, cancel or drain";
        assertRejected("{}", "action must be " + actions + ", but was missing");
        assertRejected("{\"action\":\"stop\"}", "action must be " + actions + ", but was 'stop'");
        String workers = "a number between 1 and 100,000";
        assertRejected("{\"action\":\"resize\"}", "workers must be " + workers + ", but was missing");
        assertRejected("{\"action\":\"resize\",\"workers\":0}", "workers must be " + workers + ", but was '0'");
        assertRejected(
                "{\"action\":\"resize\",\"workers\":100001}", "workers must be " + workers + ", but was '100001'");
        assertRejected("{\"action\":\"resize\",\"workers\":\"x\"}", "workers must be " + workers + ", but was 'x'");
        assertRejected(
                "{\"action\":\"pause\",\"workers\":3}",
                "workers must be absent unless the action is resize, but was '3'");
        assertRejected("{\"action\":\"pause\",\"id\":\"x\"}", "id must be a positive number, but was 'x'");
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
        assertThat(queue.workers()).isEqualTo(25);
    }

    private void assertRejected(String body, String message) throws Exception {
        HttpResponse<String> response = post("/riot", body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JsonPath.<String>read(response.body(), "$.message")).isEqualTo(message);
    }

    @Test
    void endpointReportsIdWhenItIsNotNumber() throws Exception {
        kept.add(start(Application.class).open("riot"));
        HttpResponse<String> response = get("/riot?id=first");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("id must be a positive number, but was 'first'");
    }

    @ParameterizedTest
    @CsvSource({
        "never, , CLASS",
        "always, , secret item",
        "when-authorized, , CLASS",
        "when-authorized, viewer, secret item",
        "never, viewer, CLASS"
    })
    void endpointShowsValuesInTaskNamesWhenShowValuesAllowsUser(String show, @Nullable String user, String shown)
            throws Exception {
        assertNamesShown(shown, user, "--management.endpoint.queues.show-values=" + show);
    }

    @ParameterizedTest
    @CsvSource({", CLASS", "viewer, CLASS", "operator, secret item"})
    void endpointShowsValuesInTaskNamesWhenUserHasConfiguredRole(@Nullable String user, String shown) throws Exception {
        assertNamesShown(
                shown,
                user,
                "--management.endpoint.queues.show-values=when-authorized",
                "--management.endpoint.queues.roles=OPERATOR");
    }

    private void assertNamesShown(String shown, @Nullable String user, String... properties) throws Exception {
        WorkerQueue<String> queue = start(SecuredApplication.class, properties).open("riot");
        CountDownLatch started = new CountDownLatch(1);
        queue.executeAll(List.of(new Item()), item -> {
            started.countDown();
            goOn.await();
        });
        queue.put(() -> "", TaskOptions.named("given"));
        started.await();

        String expected = shown.equals("CLASS") ? Item.class.getName() : shown;
        assertThat(names(get("/riot", user))).contains(expected).isSubsetOf(expected, "given");
        assertThat(names(get("", user))).contains(expected).isSubsetOf(expected, "given");
    }

    @Test
    void endpointIsAvailableOverJmx() throws Exception {
        QueueFactory factory = start(
                Application.class,
                UNRESTRICTED,
                "--queue.instances.idle.workers=3",
                "--spring.jmx.enabled=true",
                "--management.endpoints.jmx.exposure.include=queues");
        WorkerQueue<String> queue = openBusyQueue(factory, "riot");
        assertThat(invoke("queues", new @Nullable Object[] {true}, Boolean.class))
                .asString()
                .contains("riot", "match 17", "CountDownLatch.await");
        assertThat(queue("none")).isNull();
        assertThat(queue("idle"))
                .isEqualTo(Map.of("queues", List.of(), "settings", Map.of("workers", 3, "maxsize", 6)));
        assertThat(change("idle", "pause", null, null)).isNull();
        assertThat(change("riot", "resize", "3", null)).asString().contains("workers=3");
        assertThat(queue.workers()).isEqualTo(3);
        assertThatExceptionOfType(ReflectionException.class)
                .isThrownBy(() -> change("riot", "stop", null, null))
                .withMessageContaining("action must be one of pause, resume, resize, cancel or drain, but was 'stop'");
    }

    private static @Nullable Object queue(String name) throws Exception {
        return invoke("queue", new @Nullable Object[] {name, null, null}, String.class, String.class, Boolean.class);
    }

    private static @Nullable Object change(String name, String action, @Nullable String workers, @Nullable String id)
            throws Exception {
        return invoke(
                "change",
                new @Nullable Object[] {name, action, workers, id},
                String.class,
                String.class,
                String.class,
                String.class);
    }

    private static @Nullable Object invoke(String operation, @Nullable Object[] arguments, Class<?>... types)
            throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String[] signature = Stream.of(types).map(Class::getName).toArray(String[]::new);
        return server.invoke(
                new ObjectName("org.springframework.boot:type=Endpoint,name=Queues"), operation, arguments, signature);
    }

    private QueueFactory start(Class<?> application, String... properties) {
        String[] all = Stream.concat(
                        Stream.of("--server.port=0", "--management.endpoints.web.exposure.include=queues"),
                        Stream.of(properties))
                .toArray(String[]::new);
        ConfigurableApplicationContext started = new SpringApplicationBuilder(application).run(all);
        context = started;
        return started.getBean(QueueFactory.class);
    }

    /** Opens a queue with one worker, which runs the first of two tasks until {@code goOn} is open. */
    private WorkerQueue<String> openBusyQueue(QueueFactory factory, String name) throws InterruptedException {
        WorkerQueue<String> queue =
                factory.open(name, settings -> settings.withWorkers(1).withMaxsize(1));
        CompletableFuture<Thread> runner = new CompletableFuture<>();
        queue.put(
                () -> {
                    runner.complete(Thread.currentThread());
                    goOn.await();
                    return "match 17";
                },
                TaskOptions.named("match 17"));
        await().until(() -> runner.get().getState() == Thread.State.WAITING);
        kept.add(queue);
        queue.put(() -> "match 18", TaskOptions.named("match 18"));
        return queue;
    }

    private static void put(WorkerQueue<String> queue, String result) {
        put(queue, () -> result);
    }

    private static void put(WorkerQueue<String> queue, Callable<@Nullable String> task) {
        try {
            queue.put(task);
        } catch (InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, null);
    }

    private HttpResponse<String> get(String path, @Nullable String user) throws IOException, InterruptedException {
        return client.send(request(path, user).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return post(path, body, null);
    }

    private HttpResponse<String> post(String path, String body, @Nullable String user)
            throws IOException, InterruptedException {
        HttpRequest request = request(path, user)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, @Nullable String user) {
        String port = Objects.requireNonNull(context).getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/queues" + path));
        if (user != null) {
            String credentials = user + ":password";
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        return request;
    }

    private static List<Long> ids(HttpResponse<String> response) {
        return JsonPath.<List<Number>>read(response.body(), "$.queues[*].figures.id").stream()
                .map(Number::longValue)
                .toList();
    }

    private static List<String> states(HttpResponse<String> response) {
        return JsonPath.read(response.body(), "$.queues[*].figures.state");
    }

    private static List<String> names(HttpResponse<String> response) {
        return JsonPath.read(response.body(), "$.queues[*].running[*].name");
    }

    private static final class Item {

        @Override
        public String toString() {
            return "secret item";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebSecurity
    static class SecuredApplication {

        @Bean
        SecurityFilterChain filterChain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(AbstractHttpConfigurer::disable)
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(user("viewer", "VIEWER"), user("operator", "OPERATOR"));
        }

        private static UserDetails user(String name, String role) {
            return User.withUsername(name)
                    .password("{noop}password")
                    .roles(role)
                    .build();
        }
    }
}
