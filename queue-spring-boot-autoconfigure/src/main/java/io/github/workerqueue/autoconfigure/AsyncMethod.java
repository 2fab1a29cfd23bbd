package io.github.workerqueue.autoconfigure;

import java.lang.reflect.Method;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * Method with {@code @Async}, as the name of its task.
 *
 * @param type the class of the bean
 * @param method the method
 */
record AsyncMethod(Class<?> type, Method method) {

    /** Method that the current thread is about to submit. Spring does not pass it to the executor. */
    private static final ThreadLocal<@Nullable AsyncMethod> SUBMITTED = new ThreadLocal<>();

    /** Calls the advice that submits the method to an executor. */
    static @Nullable Object submit(MethodInvocation invocation) throws Throwable {
        Method method = invocation.getMethod();
        Object target = invocation.getThis();
        Class<?> type = target == null ? method.getDeclaringClass() : AopUtils.getTargetClass(target);
        AsyncMethod before = SUBMITTED.get();
        SUBMITTED.set(new AsyncMethod(type, method));
        try {
            return invocation.proceed();
        } finally {
            set(before);
        }
    }

    /** Returns and removes the method that the current thread submits; null if there is none. */
    static @Nullable AsyncMethod take() {
        AsyncMethod submitted = SUBMITTED.get();
        set(null);
        return submitted;
    }

    private static void set(@Nullable AsyncMethod method) {
        if (method == null) {
            SUBMITTED.remove();
        } else {
            SUBMITTED.set(method);
        }
    }

    @Override
    public String toString() {
        return ClassUtils.getShortName(type) + "." + method.getName();
    }
}
