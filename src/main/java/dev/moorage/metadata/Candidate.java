package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;

/** What may be collected, should nothing keep it. */
public sealed interface Candidate {

    /** A deleted organization with everything in it. */
    record Organization(OrganizationId id) implements Candidate {}

    /** A deleted repository with everything in it. */
    record Repository(RepositoryKey key) implements Candidate {}

    /** A hidden manifest with what it references. */
    record Manifest(RepositoryKey repository, Digest digest) implements Candidate {}

    /** A link: what makes a blob visible in a repository. */
    record Link(RepositoryKey repository, Digest digest) implements Candidate {}

    /** The row of a blob, and then its object. */
    record Blob(Digest digest) implements Candidate {}

    /** Something that this version does not know; a newer one wrote it, and looks at it. */
    record Unknown(String kind) implements Candidate {}
}
