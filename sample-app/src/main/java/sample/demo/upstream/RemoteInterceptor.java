package sample.demo.upstream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerInterceptor;

/** Interceptor that gives the embedded API the behavior of a remote service: a key, latency and failures. */
class RemoteInterceptor implements HandlerInterceptor {

    private static final String SUMMONERS = "/lol/summoner/";

    private static final String LEAGUES = "/lol/league/";

    private final UpstreamBehavior behavior;

    private final FailureShare flaky;

    /** Flaky summoners that ask for a delay before the next request. */
    private final FailureShare busy;

    /** Flaky summoners whose last request failed. */
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    RemoteInterceptor(UpstreamProperties upstream, UpstreamBehavior behavior) {
        this.behavior = behavior;
        this.flaky = new FailureShare(upstream.flakyShare(), upstream.seed() + 1);
        this.busy = new FailureShare(0.03, upstream.seed() + 2);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException, InterruptedException {
        if (request.getHeader("X-Riot-Token") == null) {
            return refuse(response, HttpStatus.UNAUTHORIZED);
        }
        Thread.sleep(behavior.nextMillis());
        String path = request.getRequestURI();
        String id = path.substring(path.lastIndexOf('/') + 1);
        // A league never fails, since the job has no ladder without it
        if (behavior.fails(id) && !path.startsWith(LEAGUES)) {
            return refuse(response, HttpStatus.SERVICE_UNAVAILABLE);
        }
        if (flaky.hits(id) && path.startsWith(SUMMONERS) && failsThisTime(id)) {
            if (busy.hits(id)) {
                response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            }
            return refuse(response, HttpStatus.SERVICE_UNAVAILABLE);
        }
        return true;
    }

    private boolean failsThisTime(String id) {
        return failed.add(id) || !failed.remove(id);
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
