package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.metadata.PresentationStore;
import dev.moorage.metadata.PresentationStore.Icon;
import dev.moorage.metadata.RepositoryListStore.Lock;
import dev.moorage.metadata.RepositoryListStore.Row;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lets owners say what a repository is for, at length and by a picture, and shows it to whoever may pull. */
@ApplicationScoped
public class PresentationService {

    /** How many bytes a README has at most. */
    public static final int MAX_README = 65_536;

    private final Management management;
    private final PresentationStore presentations;

    PresentationService(Management management, PresentationStore presentations) {
        this.management = management;
        this.presentations = presentations;
    }

    /**
     * What a repository says of itself.
     *
     * @param text Markdown; empty where it says nothing
     */
    public record Readme(String text) {}

    /**
     * The picture of a repository.
     *
     * @param mediaType {@code image/png} or {@code image/svg+xml}
     * @param bytes what was made of what somebody sent, see {@link IconImage}
     */
    @SuppressWarnings("ArrayRecordComponent") // The bytes go from the database to the client and nobody compares them.
    public record Picture(String mediaType, byte[] bytes) {}

    /** The README. */
    public Readme readme(Grant grant, RepositoryName name) {
        return management.read(
                grant,
                (tx, powers) -> new Readme(presentations.readme(
                        tx, management.seen(tx, powers, name, Lock.NONE).key())));
    }

    /** Sets the README, which owners may; an empty one takes it away. */
    public Readme setReadme(Grant grant, RepositoryName name, String text) {
        String readme = Texts.readme(text);
        AuditSubject subject = AuditSubject.of(AuditAction.REPOSITORY_CHANGE, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            RepositoryKey key = owned(tx, powers, name);
            String before = presentations.readme(tx, key);
            presentations.setReadme(tx, key, readme);
            // The text itself may be far longer than what the trail keeps.
            audit.changed("readmeBytes", length(before), length(readme));
            if (before.equals(readme)) {
                audit.nothingDone();
            }
            return new Readme(readme);
        });
    }

    /** The picture; empty where there is none. */
    public Optional<Picture> icon(Grant grant, RepositoryName name) {
        return management
                .read(
                        grant,
                        (tx, powers) -> presentations.icon(
                                tx, management.seen(tx, powers, name, Lock.NONE).key()))
                .map(icon -> new Picture(icon.mediaType(), icon.bytes()));
    }

    /** Sets the picture, which owners may; 400 where the bytes are no PNG or SVG, or one that is not taken. */
    public void setIcon(Grant grant, RepositoryName name, byte[] sent) {
        Picture picture = IconImage.of(sent);
        AuditSubject subject = AuditSubject.of(AuditAction.REPOSITORY_CHANGE, name);
        management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("icon", picture.mediaType());
            presentations.setIcon(tx, owned(tx, powers, name), new Icon(picture.mediaType(), picture.bytes()));
            return picture;
        });
    }

    /** Takes the picture away, which owners may; nothing is done where there is none. */
    public void removeIcon(Grant grant, RepositoryName name) {
        AuditSubject subject = AuditSubject.of(AuditAction.REPOSITORY_CHANGE, name);
        management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("icon", "removed");
            if (!presentations.removeIcon(tx, owned(tx, powers, name))) {
                audit.nothingDone();
            }
            return name;
        });
    }

    private RepositoryKey owned(Transaction transaction, Powers powers, RepositoryName name) {
        boolean may = Powers.refusal(powers.over(name, Optional.empty(), Action.ADMINISTER))
                .isEmpty();
        Row row = management.seen(transaction, powers, name, may ? Lock.CHANGE : Lock.NONE);
        Management.demand(
                (may ? management.again(transaction, powers) : powers).over(name, Optional.empty(), Action.ADMINISTER));
        return row.key();
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
