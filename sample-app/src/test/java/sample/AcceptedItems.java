package sample;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Post-processor that prints a line for each opened queue, and for each item that a {@code putAll} or
 * {@code executeAll} has put. It does not ask the queue: a caller that asks the iterator for the next item has put the
 * previous one.
 */
class AcceptedItems implements BeanPostProcessor {

    static final String OPENED = "opened ";

    static final String ACCEPTED = "accepted ";

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof QueueFactory factory ? watched(QueueFactory.class, factory) : bean;
    }

    private static <T> T watched(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> watched(target, method, arguments)));
    }

    private static @Nullable Object watched(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (arguments != null && arguments.length > 0 && arguments[0] instanceof Iterable<?> items) {
            arguments[0] = watched(items);
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException ex) {
            throw ex.getTargetException();
        }
        if (result instanceof WorkerQueue<?> queue) {
            System.out.println(OPENED + queue.name());
            return watched(WorkerQueue.class, queue);
        }
        return result;
    }

    private static <T> Iterable<T> watched(Iterable<T> items) {
        return () -> watched(items.iterator());
    }

    private static <T> Iterator<T> watched(Iterator<T> items) {
        return new Iterator<>() {

            private @Nullable T taken;

            @Override
            public boolean hasNext() {
                if (taken != null) {
                    System.out.println(ACCEPTED + taken);
                    taken = null;
                }
                return items.hasNext();
            }

            @Override
            public T next() {
                T next = items.next();
                taken = next;
                return next;
            }
        };
    }
}
