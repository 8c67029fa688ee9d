package dev.moorage.http.ui;

import java.util.Optional;
import java.util.Set;

/** What a manifest is to those who pull it. */
enum Artifact {
    /** What a container engine runs, for one platform or several. */
    IMAGE("image"),
    /** A chart of Helm. */
    CHART("Helm chart"),
    /** Anything else that lies in registries. */
    OTHER("artifact");

    private static final Set<String> IMAGES = Set.of(
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.docker.container.image.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");
    private static final String HELM = "application/vnd.cncf.helm.config.v1+json";

    private final String word;

    Artifact(String word) {
        this.word = word;
    }

    /**
     * What a manifest is.
     *
     * @param artifactType what kind of artifact it says that it is; an index of images says nothing
     */
    static Artifact of(String mediaType, Optional<String> artifactType) {
        String type = artifactType.orElse(mediaType);
        if (IMAGES.contains(type)) {
            return IMAGE;
        }
        return type.equals(HELM) ? CHART : OTHER;
    }

    /** What people call it. */
    String word() {
        return word;
    }
}
