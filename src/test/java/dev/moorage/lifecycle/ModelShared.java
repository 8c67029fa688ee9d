package dev.moorage.lifecycle;

import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was acknowledged of a repository that several change.
 *
 * @param content what they push
 * @param done how many requests of a kind were acknowledged
 * @param pushed tags with digests that were acknowledged, as the history writes them
 */
record ModelShared(String name, ModelContent content, ModelTally done, Set<String> pushed) {

    ModelShared(String name, ModelContent content) {
        this(name, content, new ModelTally(), ConcurrentHashMap.newKeySet());
    }

    void acknowledged(Tag tag, Digest digest) {
        pushed.add(tag.value() + " " + digest);
    }
}
