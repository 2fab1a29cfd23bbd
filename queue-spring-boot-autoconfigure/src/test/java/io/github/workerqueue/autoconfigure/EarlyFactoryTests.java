package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.AbandonedTask;
import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot.State;
import io.github.workerqueue.WorkerQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.autoproxy.InfrastructureAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.core.type.AnnotationMetadata;

/** Tests for the shutdown of factories that are created before the other beans, or that are not ordinary singletons. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class EarlyFactoryTests {

    private static final Duration PERIOD = Duration.ofMillis(500);

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withUserConfiguration(QueueShutdownTests.Trail.class);

    @ParameterizedTest
    @ValueSource(
            classes = {
                NeededByBeanPostProcessor.class,
                OwnNeededByBeanPostProcessor.class,
                NeededByBeanFactoryPostProcessor.class,
                OwnNeededByBeanFactoryPostProcessor.class,
                NeededByRegistryPostProcessor.class,
                NeededByInfrastructure.class,
                LazyFactory.class,
                PrototypeFactory.class,
                RegisteredSingleton.class,
                Product.class,
                PrototypeProduct.class
            })
    void contextDrainsFactoryBeforeItStopsOtherBeans(Class<?> declaration) {
        contextRunner.withUserConfiguration(declaration).run(context -> {
            List<String> trail = context.getBean(QueueShutdownTests.Trail.class).events;
            QueueFactory factory = context.getBean(QueueFactory.class);
            WorkerQueue<String> queue = factory.open();
            queue.execute(() -> {
                awaitDrain(queue);
                queue.execute(() -> trail.add("child task"));
                trail.add("task");
            });
            close(context);
            assertThat(trail).containsOnlyOnce("task", "child task").endsWith("below stopped", "bean destroyed");
            assertThat(queue.snapshot().state()).isEqualTo(State.CLOSED);
            assertThat(queue.snapshot().completed()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                NeededByBeanPostProcessor.class,
                OwnNeededByBeanPostProcessor.class,
                NeededByBeanFactoryPostProcessor.class,
                OwnNeededByBeanFactoryPostProcessor.class,
                NeededByRegistryPostProcessor.class,
                NeededByInfrastructure.class,
                LazyFactory.class,
                PrototypeFactory.class,
                RegisteredSingleton.class,
                Product.class,
                PrototypeProduct.class
            })
    void contextAbandonsTasksOfFactoryWhenPeriodIsOver(Class<?> declaration, CapturedOutput output) {
        Stubborn stubborn = new Stubborn();
        contextRunner
                .withUserConfiguration(declaration)
                .withPropertyValues("queue.shutdown.await-termination-period=" + PERIOD.toMillis() + "ms")
                .run(context -> {
                    QueueFactory factory = context.getBean(QueueFactory.class);
                    WorkerQueue<String> queue = factory.open("early");
                    queue.execute(stubborn);
                    stubborn.awaitStart();
                    try {
                        long start = System.nanoTime();
                        close(context);
                        assertThat(Duration.ofNanos(System.nanoTime() - start))
                                .isBetween(PERIOD, PERIOD.plusSeconds(1));
                        assertThat(queue.snapshot().state()).isEqualTo(State.CLOSED);
                    } finally {
                        stubborn.release();
                    }
                });
        assertThat(output)
                .containsOnlyOnce("Queue 'early': abandoned 1 unfinished task on close")
                .containsOnlyOnce("Queue 'early': task 0 'stubborn' was abandoned after it started");
    }

    @Test
    void handlerReceivesAbandonedTasksWhenPostProcessorNeedsFactory() {
        Stubborn stubborn = new Stubborn();
        contextRunner
                .withUserConfiguration(NeededByBeanPostProcessor.class, Handler.class)
                .withPropertyValues("queue.workers=1", "queue.shutdown.await-termination-period=50ms")
                .run(context -> {
                    List<AbandonedTask> abandoned = context.getBean(Handler.class).abandoned;
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open("early");
                    queue.execute(stubborn);
                    stubborn.awaitStart();
                    queue.execute(new Stubborn());
                    try {
                        close(context);
                    } finally {
                        stubborn.release();
                    }
                    assertThat(abandoned)
                            .containsExactly(
                                    new AbandonedTask("early", 0, "stubborn", true),
                                    new AbandonedTask("early", 1, "stubborn", false));
                });
    }

    @Test
    void startLogsNoWarningAboutPostProcessorsWhenNoneNeedsFactory(CapturedOutput output) {
        contextRunner.run(context -> context.getBean(QueueFactory.class).open());
        assertThat(output).doesNotContain("is not eligible for getting processed by all BeanPostProcessors");
    }

    @Test
    void prototypeFactoryIsCollectedWhenItIsClosedAndDropped() {
        contextRunner.withUserConfiguration(PrototypeFactory.class).run(context -> {
            WeakReference<QueueFactory> dropped = useAndClose(context.getBean(QueueFactory.class));
            await().untilAsserted(() -> {
                System.gc();
                assertThat(dropped.get()).isNull();
            });
            assertThat(context.getSourceApplicationContext().isActive()).isTrue();
        });
    }

    private static WeakReference<QueueFactory> useAndClose(QueueFactory factory) throws InterruptedException {
        try (factory) {
            WorkerQueue<String> queue = factory.open();
            queue.put(() -> "done");
            assertThat(queue.join()).containsExactly("done");
        }
        return new WeakReference<>(factory);
    }

    @ParameterizedTest
    @ValueSource(classes = {PrototypeQueue.class, PrototypeView.class})
    void prototypeQueueIsCollectedWhenItIsClosedAndDropped(Class<?> declaration) {
        contextRunner.withUserConfiguration(SingletonFactory.class, declaration).run(context -> {
            List<WeakReference<Object>> dropped = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                dropped.add(useAndClose(context.getBean("prototype")));
            }
            await().untilAsserted(() -> {
                System.gc();
                assertThat(dropped).allMatch(reference -> reference.get() == null);
            });
            assertThat(context.getBean(QueueFactory.class).queues()).isEmpty();
        });
    }

    private static WeakReference<Object> useAndClose(Object bean) throws Exception {
        if (bean instanceof WorkerQueue<?> queue) {
            queue.execute(() -> {});
            queue.close();
        } else if (bean instanceof ExecutorService view) {
            view.submit(() -> "done").get();
            view.shutdown();
            assertThat(view.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        return new WeakReference<>(bean);
    }

    @Test
    void endpointAndWatchdogMakeNoPrototypeFactories() {
        contextRunner.withUserConfiguration(CountedPrototypeFactory.class).run(context -> {
            for (QueueFactory factory : new NearestFactories(context.getBeanFactory())) {
                assertThat(factory).isNull();
            }
            assertThat(context.getBean(AtomicInteger.class)).hasValue(0);
        });
    }

    @Test
    void contextDrainsPrototypeFactoryWhenOnlyItsQueueIsKept() {
        contextRunner.withUserConfiguration(PrototypeFactory.class).run(context -> {
            List<String> trail = context.getBean(QueueShutdownTests.Trail.class).events;
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            queue.execute(() -> {
                awaitDrain(queue);
                trail.add("task");
            });
            awaitCollection();
            close(context);
            assertThat(trail).containsExactly("task", "below stopped", "bean destroyed");
            assertThat(queue.snapshot().state()).isEqualTo(State.CLOSED);
        });
    }

    /** Returns after a garbage collection. */
    private static void awaitCollection() {
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        await().untilAsserted(() -> {
            System.gc();
            assertThat(garbage.get()).isNull();
        });
    }

    private static void awaitDrain(WorkerQueue<?> queue) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> queue.snapshot().state() == State.CLOSING);
    }

    private static void close(AssertableApplicationContext context) {
        context.getSourceApplicationContext().close();
    }

    private static BeanPostProcessor processorWith(QueueFactory factory) {
        Objects.requireNonNull(factory);
        return new BeanPostProcessor() {};
    }

    private static QueueFactory newFactory() {
        return QueueFactory.create(QueueSettings.defaults());
    }

    @Configuration(proxyBeanMethods = false)
    static class Handler {

        final List<AbandonedTask> abandoned = new CopyOnWriteArrayList<>();

        @Bean
        AbandonedTaskHandler abandonedTaskHandler() {
            return abandoned::add;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NeededByBeanPostProcessor {

        @Bean
        static BeanPostProcessor processor(QueueFactory factory) {
            return processorWith(factory);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnNeededByBeanPostProcessor {

        @Bean
        static BeanPostProcessor processor(QueueFactory factory) {
            return processorWith(factory);
        }

        @Bean
        static QueueFactory own() {
            return newFactory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NeededByBeanFactoryPostProcessor {

        @Bean
        static BeanFactoryPostProcessor processor(QueueFactory factory) {
            return beans -> Objects.requireNonNull(factory);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnNeededByBeanFactoryPostProcessor {

        @Bean
        static BeanFactoryPostProcessor processor(QueueFactory factory) {
            return beans -> Objects.requireNonNull(factory);
        }

        @Bean
        static QueueFactory own() {
            return newFactory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NeededByRegistryPostProcessor {

        @Bean
        static BeanDefinitionRegistryPostProcessor processor(QueueFactory factory) {
            return registry -> Objects.requireNonNull(factory);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NeededByInfrastructure {

        @Bean
        static InfrastructureAdvisorAutoProxyCreator proxyCreator() {
            return new InfrastructureAdvisorAutoProxyCreator();
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static DefaultPointcutAdvisor advisor(QueueFactory factory) {
            Objects.requireNonNull(factory);
            return new DefaultPointcutAdvisor(
                    new StaticMethodMatcherPointcut() {
                        @Override
                        public boolean matches(Method method, Class<?> targetClass) {
                            return false;
                        }
                    },
                    (MethodInterceptor) MethodInvocation::proceed);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyFactory {

        @Bean
        @Lazy
        QueueFactory own() {
            return newFactory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrototypeFactory {

        @Bean
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        QueueFactory own() {
            return newFactory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SingletonFactory {

        @Bean
        QueueFactory own() {
            return newFactory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrototypeQueue {

        @Bean
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        WorkerQueue<String> prototype(QueueFactory factory) {
            return factory.open();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrototypeView {

        @Bean
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        ExecutorService prototype(QueueFactory factory) {
            return factory.open().asExecutorService();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CountedPrototypeFactory {

        @Bean
        AtomicInteger made() {
            return new AtomicInteger();
        }

        @Bean
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        QueueFactory own(AtomicInteger made) {
            made.incrementAndGet();
            return newFactory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Registrar.class)
    static class RegisteredSingleton {}

    static class Registrar implements ImportBeanDefinitionRegistrar {

        @Override
        public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
            ((SingletonBeanRegistry) registry).registerSingleton("own", newFactory());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Product {

        @Bean
        FactoryBean<QueueFactory> own() {
            return new Maker(true);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrototypeProduct {

        @Bean
        FactoryBean<QueueFactory> own() {
            return new Maker(false);
        }
    }

    record Maker(boolean singleton) implements FactoryBean<QueueFactory> {

        @Override
        public QueueFactory getObject() {
            return newFactory();
        }

        @Override
        public Class<?> getObjectType() {
            return QueueFactory.class;
        }

        @Override
        public boolean isSingleton() {
            return singleton;
        }
    }
}
