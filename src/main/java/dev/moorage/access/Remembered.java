package dev.moorage.access;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Remembers what was found out lately, and of old things only those that are still asked for.
 *
 * <p>Two maps: what is asked for moves into the younger one, and when that is full it becomes the older one, whose place
 * it takes. So at most twice the size is kept.
 */
final class Remembered<K, V> {

    private final int size;
    private volatile Map<K, V> younger = new ConcurrentHashMap<>();
    private volatile Map<K, V> older = Map.of();

    Remembered(int size) {
        this.size = size;
    }

    Optional<V> get(K key) {
        V young = younger.get(key);
        if (young != null) {
            return Optional.of(young);
        }
        Optional<V> old = Optional.ofNullable(older.get(key));
        old.ifPresent(value -> put(key, value));
        return old;
    }

    void put(K key, V value) {
        if (younger.size() >= size) {
            turn();
        }
        younger.put(key, value);
    }

    /** What is remembered, or what is made now and remembered from now on. */
    V getOrMake(K key, Supplier<V> maker) {
        return get(key).orElseGet(() -> {
            if (younger.size() >= size) {
                turn();
            }
            return younger.computeIfAbsent(key, _ -> maker.get());
        });
    }

    private synchronized void turn() {
        if (younger.size() >= size) {
            older = younger;
            younger = new ConcurrentHashMap<>();
        }
    }
}
