package sample.ladder.upstream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerInterceptor;
import sample.ladder.UpstreamProperties;

/** Makes the embedded API behave as a remote one: it wants a key, takes its time, and sometimes fails. */
class RemoteInterceptor implements HandlerInterceptor {

    private final UpstreamProperties upstream;

    private final FailureShare failures;

    RemoteInterceptor(UpstreamProperties upstream) {
        this.upstream = upstream;
        this.failures = new FailureShare(upstream.failureShare(), upstream.seed());
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException, InterruptedException {
        if (request.getHeader("X-Riot-Token") == null) {
            return refuse(response, HttpStatus.UNAUTHORIZED);
        }
        Thread.sleep(latencyMillis());
        if (fails(request.getRequestURI())) {
            return refuse(response, HttpStatus.SERVICE_UNAVAILABLE);
        }
        return true;
    }

    private long latencyMillis() {
        long latency = upstream.latency().toMillis();
        long jitter = upstream.jitter().toMillis();
        return Math.max(0, ThreadLocalRandom.current().nextLong(latency - jitter, latency + jitter + 1));
    }

    /** Leagues never fail: without one of them the sample has no ladder to show. */
    private boolean fails(String path) {
        return !path.startsWith("/lol/league/") && failures.hits(path.substring(path.lastIndexOf('/') + 1));
    }

    private static boolean refuse(HttpServletResponse response, HttpStatus status) throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getWriter()
                .printf(
                        "{\"status\":{\"message\":\"%s\",\"status_code\":%d}}",
                        status.getReasonPhrase(), status.value());
        return false;
    }
}
