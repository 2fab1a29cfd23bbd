package io.github.workerqueue.test;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.autoconfigure.QueueAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * Replaces the {@link QueueFactory} of an application in a test by one of {@link TestQueues}, with the settings that the
 * properties under {@code queue}, handler beans and listener beans give. To be imported by the test, whole or slice:
 *
 * <pre>{@code
 * @SpringBootTest
 * @Import(TestQueueConfiguration.class)
 * class LadderTests {}
 * }</pre>
 *
 * <p>Tasks run inside put; with the property {@code queue.test.seed} they are {@linkplain TestQueues#shuffled(long) shuffled}.
 * {@code queue.test.seed=${random.long}} is another order each time, whose seed is in the log.
 *
 * <p>The factory is a primary bean: it is also injected where the application declares a factory of its own.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(QueueAutoConfiguration.class)
public final class TestQueueConfiguration {

    TestQueueConfiguration() {}

    @Bean(destroyMethod = "")
    @Primary
    QueueFactory testQueueFactory(ObjectProvider<QueueFactory.Builder> builders, Environment environment) {
        QueueFactory.Builder builder = builders.getIfAvailable(QueueFactory::builder);
        return Binder.get(environment)
                .bind("queue.test.seed", Long.class)
                .map(seed -> TestQueues.shuffled(seed, builder))
                .orElseGet(() -> TestQueues.inCallingThread(builder));
    }
}
