package io.github.workerqueue.autoconfigure;

import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.scheduling.annotation.AsyncAnnotationAdvisor;

/**
 * Post-processor that adds an advice before the one with which Spring submits methods with {@code @Async}. The advice
 * lets a queue name their tasks. This post-processor has no order, so it follows the one of Spring, which has an order.
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
