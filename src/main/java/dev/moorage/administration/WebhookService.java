package dev.moorage.administration;

import dev.moorage.access.Audit;
import dev.moorage.access.Grant;
import dev.moorage.access.Secret;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.event.WebhookSecrets;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.WebhookStore;
import dev.moorage.metadata.WebhookStore.Row;
import dev.moorage.metadata.WebhookStore.State;
import dev.moorage.metadata.WebhookStore.Wish;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.TagPattern;
import dev.moorage.name.WebhookFormat;
import dev.moorage.name.WebhookKind;
import dev.moorage.outbound.OutboundHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says whom an organization tells what happens in it, for its owners. */
@ApplicationScoped
public class WebhookService {

    /** How many webhooks an organization has at most. */
    public static final int MOST = 20;

    private static final Duration OVERLAP = Duration.ofHours(24);
    private static final Duration LOOKUP = Duration.ofSeconds(5);

    private final Management management;
    private final WebhookStore webhooks;
    private final WebhookSecrets secrets;
    private final OutboundHttp http;

    WebhookService(Management management, WebhookStore webhooks, WebhookSecrets secrets, OutboundHttp http) {
        this.management = management;
        this.webhooks = webhooks;
        this.secrets = secrets;
        this.http = http;
    }

    /**
     * A webhook to make.
     *
     * @param path of which repositories: whole components behind the organization's name; empty for all
     * @param kinds of what; empty for everything that the format has words for
     */
    public record Wanted(
            String name,
            String url,
            WebhookFormat format,
            String path,
            Optional<Set<WebhookKind>> kinds,
            Optional<TagPattern> tags,
            boolean enabled) {}

    /** What is to be changed of one; what is empty stays. */
    public record Change(
            Optional<String> url,
            Optional<WebhookFormat> format,
            Optional<String> path,
            Optional<Set<WebhookKind>> kinds,
            Tags tags,
            Optional<Boolean> enabled) {}

    /** What is to become of the tags that a webhook is limited to. */
    public sealed interface Tags {

        /** They stay. */
        record Kept() implements Tags {}

        /** These, or all. */
        record Those(Optional<TagPattern> pattern) implements Tags {}
    }

    /** The organization's webhooks. */
    public Listing<Webhook> list(Grant grant, OrganizationName organization, Listing.Asked asked) {
        List<Row> rows = management.read(
                grant,
                (tx, powers) ->
                        webhooks.page(tx, management.owned(tx, powers, organization), asked.after(), asked.rows()));
        return Listing.of(rows, asked, row -> Webhook.of(organization, row), Row::name);
    }

    /** Makes a webhook; its secret is in the answer and nowhere else. */
    public Webhook.WithSecret create(Grant grant, OrganizationName organization, Wanted wanted) {
        Texts.name(wanted.name());
        Wish wish = new Wish(
                wanted.url(),
                wanted.format(),
                part(organization, wanted.path()),
                kinds(wanted.format(), wanted.kinds().orElseGet(() -> told(wanted.format()))),
                wanted.tags(),
                state(wanted.enabled()));
        AuditSubject subject = AuditSubject.of(AuditAction.WEBHOOK_CREATE, organization, wanted.name());
        // Before a name is looked up: only owners let the registry do that.
        OrganizationId owned = Management.about(
                subject, () -> management.read(grant, (tx, powers) -> management.owned(tx, powers, organization)));
        demandCallable(owned, wish.url());
        demandKey();
        Secret secret = Secret.make(Secret.Kind.WEBHOOK);
        return management.change(grant, subject, (tx, powers, audit) -> {
            tell(audit, Optional.empty(), wish);
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            // Behind the lock: nobody else makes one meanwhile.
            if (webhooks.count(tx, id) >= MOST) {
                throw new Conflict("there are as many webhooks as there may be", Map.of("limit", MOST));
            }
            if (!webhooks.insert(tx, id, wanted.name(), wish, secrets.encrypt(id, wanted.name(), secret.reveal()))) {
                throw new Conflict("there is a webhook " + wanted.name());
            }
            return new Webhook.WithSecret(Webhook.of(organization, webhook(tx, id, wanted.name())), secret.reveal());
        });
    }

    /** A webhook. */
    public Webhook get(Grant grant, OrganizationName organization, String name) {
        return management.read(
                grant,
                (tx, powers) ->
                        Webhook.of(organization, webhook(tx, management.owned(tx, powers, organization), name)));
    }

    /** Changes a webhook; what waits for it is told in the new way. */
    public Webhook change(Grant grant, OrganizationName organization, String name, Change change) {
        AuditSubject subject = AuditSubject.of(AuditAction.WEBHOOK_CHANGE, organization, name);
        OrganizationId owned = Management.about(
                subject,
                () -> management.read(grant, (tx, powers) -> {
                    OrganizationId id = management.owned(tx, powers, organization);
                    webhook(tx, id, name);
                    return id;
                }));
        change.url().ifPresent(url -> demandCallable(owned, url));
        return management.change(grant, subject, (tx, powers, audit) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row row = webhook(tx, id, name);
            Wish now = row.wish();
            WebhookFormat format = change.format().orElse(now.format());
            webhooks.change(
                    tx,
                    id,
                    row.id(),
                    new Wish(
                            change.url().orElse(now.url()),
                            format,
                            change.path().map(path -> part(organization, path)).orElse(now.part()),
                            kinds(format, change.kinds().orElse(now.kinds())),
                            switch (change.tags()) {
                                case Tags.Kept _ -> now.tags();
                                case Tags.Those(Optional<TagPattern> pattern) -> pattern;
                            },
                            change.enabled().map(WebhookService::state).orElse(now.state())));
            Row changed = webhook(tx, id, name);
            tell(audit, Optional.of(now), changed.wish());
            return Webhook.of(organization, changed);
        });
    }

    /** Gives a webhook another secret; for a day its messages are signed with the one before too. */
    public Webhook.WithSecret rotate(Grant grant, OrganizationName organization, String name) {
        Secret secret = Secret.make(Secret.Kind.WEBHOOK);
        AuditSubject subject = AuditSubject.of(AuditAction.WEBHOOK_SECRET, organization, name);
        return management.change(grant, subject, (tx, powers, _) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row row = webhook(tx, id, name);
            demandKey();
            webhooks.setSecret(tx, id, row.id(), secrets.encrypt(id, name, secret.reveal()), OVERLAP);
            return new Webhook.WithSecret(Webhook.of(organization, row), secret.reveal());
        });
    }

    /** Deletes a webhook with all that waits for it. */
    public void delete(Grant grant, OrganizationName organization, String name) {
        management.change(grant, AuditSubject.of(AuditAction.WEBHOOK_DELETE, organization, name), (tx, powers, _) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            webhooks.delete(tx, id, webhook(tx, id, name).id());
            return true;
        });
    }

    private static void tell(Audit audit, Optional<Wish> before, Wish now) {
        audit.changed("url", before.map(WebhookService::place), Optional.of(place(now)))
                .changed(
                        "format",
                        before.map(wish -> wish.format().text()),
                        Optional.of(now.format().text()))
                .changed(
                        "part",
                        before.map(wish -> wish.part().value()),
                        Optional.of(now.part().value()))
                .changed("events", before.map(WebhookService::events), Optional.of(events(now)))
                .changed(
                        "tags",
                        before.flatMap(Wish::tags).map(TagPattern::value),
                        now.tags().map(TagPattern::value))
                .changed(
                        "enabled",
                        before.map(wish -> wish.state() == State.ENABLED),
                        Optional.of(now.state() == State.ENABLED));
    }

    /** Where a webhook is called: the rest of its address may be known to those only who set it. */
    private static String place(Wish wish) {
        URI address = URI.create(wish.url());
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }

    private static String events(Wish wish) {
        return wish.kinds().stream().map(WebhookKind::text).sorted().collect(Collectors.joining(" "));
    }

    private Row webhook(Transaction transaction, OrganizationId organization, String name) {
        return Texts.found("webhook", name, text -> webhooks.find(transaction, organization, text));
    }

    private static State state(boolean enabled) {
        return enabled ? State.ENABLED : State.DISABLED;
    }

    private static RepositoryPrefix part(OrganizationName organization, String path) {
        return path.isEmpty()
                ? RepositoryPrefix.ALL
                : RepositoryPrefix.of(organization, path)
                        .orElseThrow(() -> new Invalid("path", "path is whole components of a repository's name"));
    }

    private static Set<WebhookKind> told(WebhookFormat format) {
        return Arrays.stream(WebhookKind.values()).filter(format::tells).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<WebhookKind> kinds(WebhookFormat format, Set<WebhookKind> kinds) {
        if (kinds.isEmpty()) {
            throw new Invalid("events", "events is one at least, or is left out for all that the format has words for");
        }
        kinds.stream().filter(kind -> !format.tells(kind)).findFirst().ifPresent(kind -> {
            throw new Invalid("events", "the format " + format.text() + " has no words for " + kind.text());
        });
        return kinds;
    }

    private void demandKey() {
        if (!secrets.haveKey()) {
            throw new Conflict(
                    "moorage.access.encryption-key is not set, and with a database of its own address the secrets of"
                            + " webhooks need one, the same for all replicas");
        }
    }

    /** It is asked again at each call: what a name stands for may be another address then. */
    private void demandCallable(OrganizationId organization, String text) {
        Texts.address("url", text);
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException _) {
            throw new Invalid("url", "url is an address as https://ci.example.com/hooks");
        }
        if (address.getRawFragment() != null) {
            throw new Invalid("url", "an address that is called has no fragment");
        }
        http.refusal(organization, address, LOOKUP).ifPresent(because -> {
            throw new Invalid("url", because);
        });
    }
}
