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
 * Test configuration that replaces the {@link QueueFactory} of an application by a factory of {@link TestQueues}. The
 * factory has the settings of the properties under {@code queue}, and the handler and listener beans. Import the
 * configuration into a test of the whole application or of a slice:
 *
 * <pre>{@code
 * @SpringBootTest
 * @Import(TestQueueConfiguration.class)
 * class PriceTests {}
 * }</pre>
 *
 * <p>Tasks run inside the put. With the property {@code queue.test.seed}, they are
 * {@linkplain TestQueues#shuffled(long) shuffled}. The value {@code ${random.long}} gives a different order each time,
 * and the log shows its seed.
 *
 * <p>The factory is a primary bean: it is also injected if the application declares a factory of its own.
 *
 * @since 0.1
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
