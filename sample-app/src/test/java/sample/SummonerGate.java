package sample;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.springframework.web.filter.OncePerRequestFilter;

/** Filter that lets a number of summoner requests pass, and blocks the following ones until it is opened. */
public class SummonerGate extends OncePerRequestFilter {

    private final CountDownLatch passing;

    private final CountDownLatch opened = new CountDownLatch(1);

    public SummonerGate(int passing) {
        this.passing = new CountDownLatch(passing + 1);
    }

    public void awaitFirstHeld() throws InterruptedException {
        passing.await();
    }

    public void open() {
        opened.countDown();
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/lol/summoner/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        passing.countDown();
        if (passing.getCount() == 0) {
            try {
                opened.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
        chain.doFilter(request, response);
    }
}
