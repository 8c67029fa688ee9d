package dev.moorage.registry;

import java.util.regex.Pattern;

/** What something that is about an image is for, as far as its type says. */
public enum ReferrerKind {
    SIGNATURE("signature", "cosign[.]artifact[.]sig|simplesigning|notary[.]signature|sigstore[.]bundle"),
    SBOM("SBOM", "spdx|cyclonedx|sbom|syft"),
    ATTESTATION("attestation", "in-toto|attestation|cosign[.]artifact[.]att|slsa|dsse|vex"),
    OTHER("other", "(?!)");

    private final String text;
    private final Pattern part;

    ReferrerKind(String text, String part) {
        this.text = text;
        this.part = Pattern.compile(part, Pattern.CASE_INSENSITIVE);
    }

    /** The kind in a word. */
    @com.fasterxml.jackson.annotation.JsonValue
    public String text() {
        return text;
    }

    /** The kind of an artifact type or a media type. */
    static ReferrerKind of(String type) {
        for (ReferrerKind kind : values()) {
            if (kind.part.matcher(type).find()) {
                return kind;
            }
        }
        return OTHER;
    }
}
