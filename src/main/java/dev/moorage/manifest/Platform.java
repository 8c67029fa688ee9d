package dev.moorage.manifest;

import java.util.Optional;

/**
 * What an image of an index runs on (OCI image specification, "Image Index Property Descriptions").
 *
 * <p>It is shown, never relied on, so what is absent or unfit to be shown is simply left out.
 *
 * @param os the operating system, for example {@code linux}
 * @param architecture the processor, for example {@code arm64}
 * @param variant the processor's variant, for example {@code v8}
 * @param osVersion the operating system's version
 */
public record Platform(
        Optional<String> os, Optional<String> architecture, Optional<String> variant, Optional<String> osVersion) {}
