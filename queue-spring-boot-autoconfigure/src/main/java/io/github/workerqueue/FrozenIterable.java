package io.github.workerqueue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Iterable over copies of items, so that the list of the caller neither sees nor retains changes that a task makes to
 * an item:
 *
 * <pre>{@code
 * Iterable<Order> copies = FrozenIterable.of(orders,
 *         order -> new Order(order.id(), order.customer(), new ArrayList<>(order.skus())));
 * queue.executeAll(copies, repository::save);
 * }</pre>
 *
 * <p>The iterator creates each copy in {@code next()}, on the thread that iterates, and nothing else refers to the
 * copy. The items themselves do not change. The idea is that of Pyot's {@code FrozenGenerator}.
 *
 * <p>If another thread changes an item while it is copied, the copy may be inconsistent.
 *
 * @param <T> the type of the items
 * @since 0.1
 */
public final class FrozenIterable<T> implements Iterable<T> {

    private final Iterable<? extends T> items;

    private final UnaryOperator<T> copier;

    private FrozenIterable(Iterable<? extends T> items, UnaryOperator<T> copier) {
        this.items = Objects.requireNonNull(items, "items must not be null");
        this.copier = Objects.requireNonNull(copier, "copier must not be null");
    }

    /**
     * Returns an iterable that copies items with a function, such as a copy constructor.
     *
     * @param items the items; the iterable may be lazy or endless
     * @param copier the function that returns an independent copy of an item; the iterator throws the exceptions of
     *     this function
     * @param <T> the type of the items
     * @return the iterable over the copies
     */
    public static <T> FrozenIterable<T> of(Iterable<? extends T> items, UnaryOperator<T> copier) {
        return new FrozenIterable<>(items, copier);
    }

    /**
     * Returns an iterable that copies items by {@linkplain java.io.ObjectOutputStream Java serialization}. The classes
     * of a copy, including proxy classes, are those of the original, whichever class loaders they have. If an item
     * cannot be serialized, the iterator throws an {@link IllegalArgumentException} that names the class.
     *
     * @param items the items; the iterable may be lazy or endless
     * @param <T> the type of the items
     * @return the iterable over the copies
     */
    public static <T extends Serializable> FrozenIterable<T> of(Iterable<? extends T> items) {
        return new FrozenIterable<>(items, FrozenIterable::serializedCopy);
    }

    @Override
    public Iterator<T> iterator() {
        Iterator<? extends T> originals = items.iterator();
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return originals.hasNext();
            }

            @Override
            public T next() {
                return copier.apply(originals.next());
            }
        };
    }

    @SuppressWarnings("unchecked")
    private static <T extends Serializable> T serializedCopy(T item) {
        Objects.requireNonNull(item, "item must not be null");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Class<?>> classes = new ArrayList<>();
        try {
            try (ObjectOutputStream out = new ClassWriter(bytes, classes)) {
                out.writeObject(item);
            }
            try (ObjectInputStream in = new ClassReader(new ByteArrayInputStream(bytes.toByteArray()), classes)) {
                return (T) in.readObject();
            }
        } catch (IOException | ClassNotFoundException ex) {
            throw new IllegalArgumentException(
                    "An item of " + item.getClass() + " cannot be copied by serialization (" + ex
                            + "); pass a copier to FrozenIterable.of, or make every object that it holds Serializable",
                    ex);
        }
    }

    /** Writes the place of each class in a list, so that no class has to be found by its name. */
    private static final class ClassWriter extends ObjectOutputStream {

        private final List<Class<?>> classes;

        ClassWriter(OutputStream out, List<Class<?>> classes) throws IOException {
            super(out);
            this.classes = classes;
        }

        @Override
        protected void annotateClass(Class<?> type) throws IOException {
            writeInt(classes.size());
            classes.add(type);
        }

        @Override
        protected void annotateProxyClass(Class<?> type) throws IOException {
            annotateClass(type);
        }
    }

    private static final class ClassReader extends ObjectInputStream {

        private final List<Class<?>> classes;

        ClassReader(InputStream in, List<Class<?>> classes) throws IOException {
            super(in);
            this.classes = classes;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException {
            return classes.get(readInt());
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException {
            return classes.get(readInt());
        }
    }
}
