package io.github.workerqueue.docs;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.docs.Page.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Sends the requests of {@code curl} commands to an application that has the queues {@code prices} and {@code orders}
 * and all endpoints. Other commands need a reason not to run. Modules and profiles in commands of the Maven wrapper
 * must exist.
 */
class ShellBlocks implements DocumentationCheck, AutoCloseable {

    private static final List<String> QUEUES = List.of("prices", "orders");

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    private static final Pattern COMMA = Pattern.compile(",");

    /** Stands for the end of a line in a command of several lines. */
    private static final char CONTINUATION = '\u0000';

    private static final Pattern MODULES = Pattern.compile("\\s-pl\\s+(\\S+)");

    private static final Pattern PROFILES = Pattern.compile("\\s-P\\s*(\\S+)");

    private static final Path ROOT = Path.of("..");

    private final HttpClient client = HttpClient.newHttpClient();

    /** The queues that were opened. A queue without a reference would be closed as leaked. */
    private final List<WorkerQueue<Object>> opened = new ArrayList<>();

    private @Nullable ConfigurableApplicationContext application;

    @Override
    public List<String> problems(Page page) {
        List<String> problems = new ArrayList<>();
        for (Block block : page.blocks("shell")) {
            int line = 0;
            for (String command :
                    block.code().replace("\\\n", " " + CONTINUATION).lines().toList()) {
                line++;
                checkWrapper(block, line, command, problems);
                if (block.runs() && !command.isBlank() && !command.startsWith("#")) {
                    run(block, line, command.replace(CONTINUATION, ' '), problems);
                }
                line += (int) command.chars().filter(c -> c == CONTINUATION).count();
            }
        }
        return problems;
    }

    private static void checkWrapper(Block block, int line, String command, List<String> problems) {
        if (command.startsWith("./mvnw")) {
            MODULES.matcher(command)
                    .results()
                    .flatMap(match -> COMMA.splitAsStream(match.group(1)))
                    .filter(module -> !Files.exists(ROOT.resolve(module).resolve("pom.xml")))
                    .forEach(module -> problems.add(block.problemAt(line, "unknown module " + module)));
            PROFILES.matcher(command)
                    .results()
                    .flatMap(match -> COMMA.splitAsStream(match.group(1)))
                    .filter(profile -> !poms().contains("<id>" + profile + "</id>"))
                    .forEach(profile -> problems.add(block.problemAt(line, "unknown profile " + profile)));
        }
    }

    private static String poms() {
        try (var files = Files.find(ROOT, 2, (file, attributes) -> file.endsWith("pom.xml"))) {
            StringBuilder poms = new StringBuilder();
            for (Path file : (Iterable<Path>) files::iterator) {
                poms.append(Files.readString(file));
            }
            return poms.toString();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void run(Block block, int line, String command, List<String> problems) {
        try {
            HttpResponse<String> response = client.send(request(words(command)), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                problems.add(block.problemAt(line, "status " + response.statusCode() + ": " + response.body()));
            }
        } catch (IllegalArgumentException ex) {
            problems.add(block.problemAt(line, String.valueOf(ex.getMessage())));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    /** Returns the words of a command, without a comment and without the commands that read its output. */
    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command);
        while (matcher.find()) {
            String plain = matcher.group(3);
            if (plain != null && (plain.equals("|") || plain.startsWith("#"))) {
                break;
            }
            words.add(plain != null ? plain : matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        return words;
    }

    private HttpRequest request(List<String> words) {
        Iterator<String> rest = words.iterator();
        if (!rest.next().equals("curl")) {
            throw new IllegalArgumentException("only curl can be executed; mark the block as not run");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder().timeout(Duration.ofSeconds(30));
        String method = null;
        HttpRequest.BodyPublisher body = BodyPublishers.noBody();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "-s", "--silent", "-f", "--fail", "-i", "-sS" -> {}
                case "-X", "--request" -> method = rest.next();
                case "-H", "--header" -> {
                    String[] header = rest.next().split(":\\s*", 2);
                    request.header(header[0], header[1]);
                }
                case "-d", "--data", "--json" -> {
                    body = BodyPublishers.ofString(rest.next());
                    method = method == null ? "POST" : method;
                    if (word.equals("--json")) {
                        request.header("Content-Type", "application/json");
                    }
                }
                default -> request.uri(uri(word));
            }
        }
        return request.method(method == null ? "GET" : method, body).build();
    }

    private URI uri(String word) {
        String url = word.startsWith("http://") ? word : "http://" + word;
        if (!url.startsWith("http://localhost:8080/")) {
            throw new IllegalArgumentException("unknown option or server " + word);
        }
        return URI.create(url.replace("localhost:8080", "localhost:" + port()));
    }

    private int port() {
        if (application == null) {
            application = SpringApplication.run(
                    Shop.class,
                    "--server.port=0",
                    "--management.endpoints.web.exposure.include=*",
                    "--management.endpoint.queues.access=unrestricted",
                    "--queue.instances.prices.workers=4",
                    "--queue.instances.orders.workers=2");
        }
        QueueFactory queues = application.getBean(QueueFactory.class);
        for (String name : QUEUES) {
            if (queues.queues().stream().noneMatch(queue -> queue.name().equals(name))) {
                WorkerQueue<Object> queue = queues.open(name);
                opened.add(queue);
                useQueue(queue);
            }
        }
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** Lets one task succeed and one fail, so the meters have both outcomes. */
    private static void useQueue(WorkerQueue<Object> queue) {
        try {
            queue.putAll(List.of("4711", "none"), sku -> new BigDecimal(sku));
            queue.join();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    @Override
    public void close() {
        if (application != null) {
            application.close();
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {}
}
