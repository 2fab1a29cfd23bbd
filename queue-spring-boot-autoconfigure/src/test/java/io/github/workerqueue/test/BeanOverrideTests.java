package io.github.workerqueue.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.verify;

import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.autoconfigure.QueueAutoConfiguration;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** Tests for queue beans that a test replaces by mocks and spies. */
@Timeout(60)
class BeanOverrideTests {

    @Nested
    @SpringBootTest(classes = Application.class, properties = "queue.instances.riot.workers=3")
    class SpyByQualifier {

        @MockitoSpyBean
        @Qualifier("riot")
        WorkerQueue<String> queue;

        @Test
        void taskRunsAndPutIsVerified(@Autowired Ladder ladder, @Autowired Matches matches) throws Exception {
            ladder.queue().put(() -> "done");
            assertThat(queue.join()).containsExactly("done");
            assertThat(mockingDetails(ladder.queue()).isSpy()).isTrue();
            assertThat((Object) matches.queue()).isSameAs(ladder.queue());
            verify(queue).join();
        }
    }

    @Nested
    @SpringBootTest(classes = Application.class, properties = "queue.instances.riot.workers=3")
    class MockByBeanName {

        @MockitoBean("queue.instances.riot")
        WorkerQueue<String> queue;

        @MockitoBean("queue.instances.riot.executor")
        Executor executor;

        @Test
        void applicationGetsMock(@Autowired Ladder ladder, @Autowired Matches matches) throws Exception {
            given(queue.join()).willReturn(List.of("mocked"));
            assertThat(ladder.queue().join()).containsExactly("mocked");
            assertThat((Object) ladder.queue()).isSameAs(queue);
            assertThat((Object) matches.queue()).isSameAs(queue);
            assertThat(matches.executor()).isSameAs(executor);
            assertThat(mockingDetails(queue).isMock()).isTrue();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(QueueAutoConfiguration.class)
    @Import({Ladder.class, Matches.class})
    static class Application {}

    record Ladder(@Qualifier("riot") WorkerQueue<String> queue) {}

    record Matches(
            @Qualifier("riot") WorkerQueue<Integer> queue,
            @Qualifier("riot") Executor executor) {}
}
