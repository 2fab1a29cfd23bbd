package io.github.workerqueue.autoconfigure;

import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.scheduling.annotation.AsyncAnnotationAdvisor;

/**
 * Puts an advice before the one of Spring that submits methods with {@code @Async}, so that a queue can name their
 * tasks. It is not ordered, so it sees the beans after the post-processor of Spring, which is.
 */
final class AsyncMethodPostProcessor implements BeanPostProcessor {

    private static final MethodInterceptor ADVICE = AsyncMethod::submit;

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof Advised advised && !advised.isFrozen()) {
            for (Advisor advisor : advised.getAdvisors()) {
                if (advisor instanceof AsyncAnnotationAdvisor async) {
                    advised.addAdvisor(0, new DefaultPointcutAdvisor(async.getPointcut(), ADVICE));
                    break;
                }
            }
        }
        return bean;
    }
}
