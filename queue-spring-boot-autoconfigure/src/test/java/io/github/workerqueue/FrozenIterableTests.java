package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests for the copies of items that a {@link FrozenIterable} makes. */
class FrozenIterableTests {

    @QueueTest
    void originalItemsStayUnchangedWhenTasksModifyCopies(Fixture fixture) throws Exception {
        List<ArrayList<Integer>> items = List.of(new ArrayList<>(List.of(1)), new ArrayList<>(List.of(2)));
        WorkerQueue<Integer> queue = fixture.open(2, 4);

        queue.executeAll(FrozenIterable.of(items), item -> item.add(99));
        queue.executeAll(FrozenIterable.<ArrayList<Integer>>of(items, ArrayList::new), item -> item.add(99));
        queue.join();

        assertThat(items).containsExactly(new ArrayList<>(List.of(1)), new ArrayList<>(List.of(2)));
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void copyBecomesUnreachableWhenItsTaskHasEnded(Fixture fixture) throws Exception {
        List<ArrayList<Integer>> items = List.of(new ArrayList<>(List.of(1)));
        WorkerQueue<Integer> queue = fixture.open(1, 4);
        List<WeakReference<Object>> copies = new ArrayList<>();
        FrozenIterable<ArrayList<Integer>> frozen = FrozenIterable.of(items);

        queue.executeAll(frozen, item -> copies.add(new WeakReference<>(item)));
        queue.join();

        Fixture.until("the copy is dropped", () -> {
            System.gc();
            return copies.get(0).get() == null;
        });
        assertThat(frozen).hasSize(1);
    }

    @Test
    void everyIteratorCopiesItemsLazily() {
        AtomicInteger taken = new AtomicInteger();
        Iterable<Integer> endless =
                () -> Stream.generate(taken::incrementAndGet).iterator();
        Iterator<Integer> iterator =
                FrozenIterable.<Integer>of(endless, item -> item * 10).iterator();

        assertThat(iterator.next()).isEqualTo(10);
        assertThat(iterator.hasNext()).isTrue();
        assertThat(iterator.next()).isEqualTo(20);

        List<ArrayList<Integer>> items = List.of(new ArrayList<>());
        FrozenIterable<ArrayList<Integer>> frozen = FrozenIterable.of(items);
        assertThat(frozen.iterator().next())
                .isNotSameAs(frozen.iterator().next())
                .isEqualTo(items.get(0));
        Iterator<ArrayList<Integer>> ended = frozen.iterator();
        ended.next();
        assertThat(ended.hasNext()).isFalse();
        assertThatThrownBy(ended::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void deepCopiesAreIndependent() {
        ArrayList<int[]> item = new ArrayList<>(List.of(new int[] {1}));

        ArrayList<int[]> copy = FrozenIterable.of(List.of(item)).iterator().next();
        copy.get(0)[0] = 99;

        assertThat(item.get(0)).containsExactly(1);
    }

    @Test
    void exceptionNamesItemWhenItCannotBeSerialized() {
        ArrayList<Object> item = new ArrayList<>(List.of(new Object()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrozenIterable.of(List.of(item)).iterator().next())
                .withMessageContaining("java.util.ArrayList")
                .withMessageContaining("java.lang.Object")
                .withMessageContaining("copier");
    }

    @Test
    void copyHasClassOfItemWhenItemHasOtherClassLoader() throws Exception {
        try (IsolatingLoader loader = new IsolatingLoader()) {
            Serializable item = (Serializable) loader.item();
            assertThat(item.getClass()).isNotSameAs(Item.class);

            Object copy = FrozenIterable.of(List.of(item)).iterator().next();

            assertThat(copy).isNotSameAs(item);
            assertThat(copy.getClass()).isSameAs(item.getClass());
        }
    }

    @Test
    void copiedItemsOfContainerHaveClassesOfOriginals() throws Exception {
        try (IsolatingLoader loader = new IsolatingLoader();
                IsolatingLoader other = new IsolatingLoader()) {
            ArrayList<Object> item = new ArrayList<>(List.of(
                    loader.item(), new Item(), other.item(), Map.of("key", loader.item()), new Object[] {other.item()
                    }));
            ArrayList<Object> copy = FrozenIterable.of(List.of(item)).iterator().next();

            assertThat(classes(copy)).isEqualTo(classes(item)).doesNotHaveDuplicates();
            assertThat(copy.get(0)).isNotSameAs(item.get(0));
        }
    }

    private static List<Class<?>> classes(List<Object> items) {
        return items.stream().<Class<?>>map(Object::getClass).toList();
    }

    @Test
    void proxyIsCopiedWhenAnotherLoaderHasItsInterfaces() throws Exception {
        try (IsolatingLoader loader = new IsolatingLoader()) {
            for (String name : List.of(Named.class.getName(), Hidden.class.getName())) {
                Class<?> type = loader.loadClass(name);
                Serializable item = (Serializable)
                        Proxy.newProxyInstance(loader, new Class<?>[] {type, Comparable.class}, new Handler());
                assertThat(type.getClassLoader()).isSameAs(loader);

                for (Serializable frozen : FrozenIterable.of(List.of(item))) {
                    assertThat(frozen).isNotSameAs(item);
                    assertThat(frozen.getClass()).isSameAs(item.getClass());
                    assertThat(type.isInstance(frozen)).isTrue();
                    assertThat(frozen).hasToString("proxy");
                }
                ArrayList<Object> inContainer = new ArrayList<>(List.of(item));
                assertThat(FrozenIterable.of(List.of(inContainer))
                                .iterator()
                                .next()
                                .get(0))
                        .isInstanceOf(type);
            }
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void frozenIterableThrowsWhenArgumentIsNull() {
        assertThatNullPointerException().isThrownBy(() -> FrozenIterable.of((List<String>) null));
        assertThatNullPointerException().isThrownBy(() -> FrozenIterable.of(List.of(""), null));
    }

    static final class Item implements Serializable {

        private static final long serialVersionUID = 1;

        final Class<?>[] classes = {int.class, Item.class};

        public Item() {}
    }

    public interface Named extends Serializable {}

    interface Hidden extends Serializable {}

    private static final class Handler implements InvocationHandler, Serializable {

        private static final long serialVersionUID = 1;

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return "proxy";
        }
    }

    private static final class IsolatingLoader extends URLClassLoader {

        private static final Set<String> ISOLATED = Stream.of(Item.class, Named.class, Hidden.class)
                .map(Class::getName)
                .collect(Collectors.toSet());

        Object item() throws ReflectiveOperationException {
            Constructor<?> constructor = loadClass(Item.class.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }

        IsolatingLoader() {
            super(new URL[0], FrozenIterableTests.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!ISOLATED.contains(name)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = Objects.requireNonNull(getResourceAsStream(name.replace('.', '/') + ".class"))) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException ex) {
                throw new ClassNotFoundException(name, ex);
            }
        }
    }
}
