package dev.moorage.registry;

import dev.moorage.error.RegistryException.Denied;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import java.util.List;
import java.util.Map;

/** Tags that stay on their manifest: whatever moves or removes a tag asks here, in the transaction that does it. */
final class ImmutableTags {

    private static final int NAMED = 10;

    private ImmutableTags() {}

    /** Refuses with 403 where one of the tags is immutable by one of the patterns. */
    static void demandNone(List<Tag> tags, List<TagPattern> patterns) {
        List<Tag> kept = tags.stream()
                .filter(tag -> patterns.stream().anyMatch(pattern -> pattern.matches(tag)))
                .limit(NAMED)
                .toList();
        if (!kept.isEmpty()) {
            List<String> rules = patterns.stream()
                    .filter(pattern -> kept.stream().anyMatch(pattern::matches))
                    .map(TagPattern::value)
                    .distinct()
                    .toList();
            throw new Denied(
                    "a rule keeps the tag on its manifest",
                    Map.of("tags", kept.stream().map(Tag::value).toList(), "rules", rules));
        }
    }
}
