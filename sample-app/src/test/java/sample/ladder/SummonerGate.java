package sample.ladder;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets a number of summoner calls pass, and holds those that follow until it is opened. */
class SummonerGate extends OncePerRequestFilter {

    private final CountDownLatch passing;

    private final CountDownLatch opened = new CountDownLatch(1);

    SummonerGate(int passing) {
        this.passing = new CountDownLatch(passing + 1);
    }

    void awaitFirstHeld() throws InterruptedException {
        passing.await();
    }

    void open() {
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
