package io.github.workerqueue.board;

import io.github.workerqueue.board.BoardDescriptor.ControlsDescriptor;
import io.github.workerqueue.board.BoardDescriptor.HistoryDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.util.MimeType;

/**
 * {@link WebEndpoint} with the live board: a page that shows the queues of the application, its files, and the JSON
 * from which it is made. All operations only read, and none blocks.
 *
 * <p>Names of tasks that are not from the {@code TaskOptions}, and messages of exceptions, are shown to the users that
 * the endpoint {@code queues} also shows the names to.
 *
 * @since 0.1
 */
@WebEndpoint(id = "queueboard", defaultAccess = Access.READ_ONLY)
public class QueueBoardEndpoint {

    private static final EndpointId BOARD = EndpointId.of("queueboard");

    private static final EndpointId QUEUES = EndpointId.of("queues");

    private static final MimeType JSON = MimeType.valueOf("application/json");

    private static final MimeType SCRIPT = MimeType.valueOf("text/javascript;charset=UTF-8");

    private static final MimeType STYLE = MimeType.valueOf("text/css;charset=UTF-8");

    private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final Map<String, Asset> ASSETS = Map.of(
            "board.js", new Asset(local("board.js"), SCRIPT),
            "charts.js", new Asset(local("charts.js"), SCRIPT),
            "board.css", new Asset(local("board.css"), STYLE),
            "icon.svg", new Asset(local("icon.svg"), MimeType.valueOf("image/svg+xml")),
            "uPlot.js", new Asset(new ClassPathResource(UPLOT + "uPlot.iife.min.js"), SCRIPT),
            "uPlot.css", new Asset(new ClassPathResource(UPLOT + "uPlot.min.css"), STYLE));

    private final QueueBoard board;

    private final Supplier<PathMappedEndpoints> endpoints;

    private final Show showValues;

    private final Set<String> roles;

    /**
     * Creates an endpoint.
     *
     * @param board the recorder
     * @param endpoints the supplier of the paths of all endpoints, called in each request
     * @param showValues the condition for showing messages, and names that are not from the {@code TaskOptions}
     * @param roles the roles that authorize a user to see them; if empty, every authenticated user is authorized
     */
    public QueueBoardEndpoint(
            QueueBoard board, Supplier<PathMappedEndpoints> endpoints, Show showValues, Set<String> roles) {
        this.board = Objects.requireNonNull(board, "board must not be null");
        this.endpoints = endpoints;
        this.showValues = showValues;
        this.roles = Set.copyOf(roles);
    }

    /**
     * Returns the page.
     *
     * @return the page in HTML
     */
    @ReadOperation(produces = "text/html;charset=UTF-8")
    public String page() {
        try {
            return local("index.html")
                    .getContentAsString(StandardCharsets.UTF_8)
                    .replace("@base@", lastSegment(path(BOARD)) + "/");
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Returns a file of the page, or the JSON named {@code data} or {@code history}.
     *
     * @param securityContext the user of the request
     * @param file the name of the file, {@code data} or {@code history}
     * @param page the page of the overview, from 1; {@code null} for the first one
     * @param name the selected name; {@code null} for none
     * @param id the ID of the selected queue; {@code null} for the newest one
     * @param since the number of the newest sample that the client has; {@code null} for none
     * @param failures the version of the failures that the client has; {@code null} for none
     * @return the response; its status is 404 if the file, or the name of the history, is unknown, and 400 with a
     *     message if a parameter is not a number
     */
    @ReadOperation(produces = {"application/json", "text/css", "text/javascript", "image/svg+xml"})
    public WebEndpointResponse<?> file(
            SecurityContext securityContext,
            @Selector String file,
            @Nullable String page,
            @Nullable String name,
            @Nullable String id,
            @Nullable String since,
            @Nullable String failures) {
        return switch (file) {
            case "data" -> data(page, name, id, since, failures, showValues.isShown(securityContext, roles));
            case "history" -> respond(history(name), JSON);
            default -> {
                Asset asset = ASSETS.get(file);
                yield respond(asset == null ? null : asset.content(), asset == null ? JSON : asset.type());
            }
        };
    }

    private WebEndpointResponse<?> data(
            @Nullable String page,
            @Nullable String name,
            @Nullable String id,
            @Nullable String since,
            @Nullable String failures,
            boolean values) {
        BoardQuery query;
        try {
            query = new BoardQuery(
                    (int) number("page", page, 1, Integer.MAX_VALUE),
                    name,
                    id == null ? null : number("id", id, 0, Long.MAX_VALUE),
                    number("since", since, 0, Long.MAX_VALUE),
                    number("failures", failures, 0, Long.MAX_VALUE),
                    values);
        } catch (InvalidEndpointRequestException ex) {
            return new WebEndpointResponse<>(
                    OperationResponseBody.of(Map.of("message", String.valueOf(ex.getMessage()))),
                    WebEndpointResponse.STATUS_BAD_REQUEST,
                    JSON);
        }
        return respond(query.on(board, controls()), JSON);
    }

    /**
     * Returns the number of a parameter; the default, which is also the minimum, if it is absent. Throws an
     * {@link InvalidEndpointRequestException} for other values.
     */
    private static long number(String parameter, @Nullable String value, long absent, long max) {
        if (value == null) {
            return absent;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= absent && number <= max) {
                return number;
            }
        } catch (NumberFormatException ex) {
            // rejected below, like a number out of range
        }
        String message = parameter + " must be a number of " + absent + " or more, but was '" + value + "'";
        throw new InvalidEndpointRequestException(message, message);
    }

    private @Nullable HistoryDescriptor history(@Nullable String name) {
        NameRecord record = name == null ? null : board.name(name);
        return record == null
                ? null
                : new HistoryDescriptor(
                        record.name, board.instance(), board.second(), record.samples.after(0, Samples.SIZE));
    }

    private static WebEndpointResponse<?> respond(@Nullable Object body, MimeType type) {
        return body == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(body, WebEndpointResponse.STATUS_OK, type);
    }

    private ControlsDescriptor controls() {
        PathMappedEndpoint queues = endpoints.get().getEndpoint(QUEUES);
        if (queues == null) {
            return new ControlsDescriptor(null, "Expose the endpoint queues to control queues.");
        }
        boolean writable = queues instanceof ExposableWebEndpoint web
                && web.getOperations().stream()
                        .anyMatch(operation ->
                                operation.getRequestPredicate().getHttpMethod() == WebEndpointHttpMethod.POST);
        return new ControlsDescriptor(
                relative(path(BOARD), path(QUEUES)) + "/",
                writable ? null : "Set management.endpoint.queues.access to unrestricted to control queues.");
    }

    private String path(EndpointId id) {
        return Objects.requireNonNull(endpoints.get().getPath(id));
    }

    private static String lastSegment(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns a path relative to a directory. */
    static String relative(String directory, String path) {
        List<String> from = segments(directory);
        List<String> to = segments(path);
        int common = 0;
        while (common < Math.min(from.size(), to.size()) && from.get(common).equals(to.get(common))) {
            common++;
        }
        return "../".repeat(from.size() - common) + String.join("/", to.subList(common, to.size()));
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
    }

    private static Resource local(String file) {
        return new ClassPathResource(file, QueueBoardEndpoint.class);
    }

    private record Asset(Resource content, MimeType type) {}
}
