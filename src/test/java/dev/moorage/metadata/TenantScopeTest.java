package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every question to the database is about one tenant, but for those that are listed here. */
class TenantScopeTest {

    private static final Set<String> SCOPES = Stream.of(
                    RepositoryKey.class,
                    RepositoryName.class,
                    RepositoryScope.class,
                    OrganizationId.class,
                    OrganizationName.class,
                    UploadRow.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    private static final List<String> ACROSS_TENANTS = List.of(
            "AccessTokenListStore.page",
            "AccessTokenStore.findBySecret",
            "AccessTokenStore.insert",
            "AccessTokenStore.revoke",
            "AccessTokenStore.used",
            "AccountListStore.anyAdministrator",
            "AccountListStore.change",
            "AccountListStore.delete",
            "AccountListStore.find",
            "AccountListStore.lastOwned",
            "AccountListStore.lockAdministrators",
            "AccountListStore.page",
            "AccountStore.find",
            "AccountStore.insert",
            "AccountStore.lockForFirst",
            "AccountStore.setPassword",
            "AuditListStore.page",
            "AuditListStore.place",
            "AuditStore.add",
            "AuditStore.organizations",
            "AuditStore.removeOld",
            "AuditStore.tried",
            "BlobRowStore.find",
            "BlobRowStore.insert",
            "BlobRowStore.linked",
            "BlobRowStore.lock",
            "BlobRowStore.move",
            "BlobRowStore.remove",
            "BlobRowStore.share",
            "DeliveryStore.backlog",
            "DeliveryStore.giveUp",
            "DeliveryStore.removeOld",
            "DeliveryStore.take",
            "FreshBlobStore.commit",
            "FreshBlobStore.commitWhole",
            "GrantStore.of",
            "GrantStore.ofDeleted",
            "GuardStore.holds",
            "ImageListStore.page",
            "ImageListStore.sources",
            "LargestStore.organizations",
            "LinkScanStore.moveTo",
            "LinkScanStore.place",
            "LinkScanStore.readOn",
            "LinkStore.visibleSomewhere",
            "LinkVisibilityStore.mark",
            "LinkVisibilityStore.next",
            "LinkVisibilityStore.settle",
            "LinkVisibilityStore.share",
            "LoginFailureStore.failed",
            "LoginFailureStore.removeOld",
            "LoginFailureStore.secondsToWait",
            "LoginFailureStore.succeeded",
            "OrganizationStore.page",
            "OrganizationSummaryStore.uses",
            "OutboxStore.handOut",
            "PersonStore.enter",
            "PersonStore.find",
            "PersonStore.insert",
            "PersonStore.leave",
            "PersonStore.link",
            "PersonStore.removeEnded",
            "PersonStore.removeTokens",
            "PullStore.add",
            "PurgeStore.removeUnlinked",
            "QueueStore.nearQuota",
            "QueueStore.queues",
            "ReclaimedStore.ofStore",
            "RefreshTokenStore.find",
            "RefreshTokenStore.insert",
            "RefreshTokenStore.personal",
            "RefreshTokenStore.removeOld",
            "RefreshTokenStore.revoke",
            "ReplicaStore.all",
            "ReplicaStore.seen",
            "RepositoryListStore.descriptions",
            "RepositoryListStore.page",
            "RepositoryStore.catalog",
            "RepositoryStore.look",
            "RetentionPolicyStore.takeDue",
            "RetentionRemovalStore.remove",
            "RetentionRemovalStore.removeBare",
            "RetentionRemovalStore.supersede",
            "RetentionRunStore.endWithdrawn",
            "RetentionRunStore.take",
            "ReviewStore.done",
            "ReviewStore.endHolds",
            "ReviewStore.enqueueBlobs",
            "ReviewStore.lock",
            "ReviewStore.othersAtWork",
            "ReviewStore.postpone",
            "ReviewStore.takeDue",
            "RobotStore.find",
            "RobotStore.findBySecret",
            "RobotStore.used",
            "SessionStore.end",
            "SessionStore.endAll",
            "SessionStore.endOthers",
            "SessionStore.find",
            "SessionStore.insert",
            "SessionStore.of",
            "SessionStore.removeOld",
            "SessionStore.trim",
            "SessionStore.used",
            "SigningKeyStore.all",
            "SigningKeyStore.insert",
            "SigningKeyStore.lock",
            "SigningKeyStore.removeOld",
            "SmallChunkStore.hold",
            "SmallObjectStore.delete",
            "SmallObjectStore.list",
            "SmallObjectStore.size",
            "StorageReportStore.advance",
            "StorageReportStore.due",
            "StorageReportStore.enter",
            "StorageReportStore.finish",
            "StorageReportStore.hasten",
            "StorageReportStore.last",
            "StorageReportStore.lock",
            "StorageReportStore.postpone",
            "StorageWalkStore.blobs",
            "StorageWalkStore.tombstones",
            "StoreMarkerStore.anyWritten",
            "StoreMarkerStore.anyYoung",
            "StoreMarkerStore.insert",
            "StoreMarkerStore.known",
            "StoreMarkerStore.written",
            "StoredObjectStore.blobsAfter",
            "StoredObjectStore.unknown",
            "StoredObjectStore.unnamed",
            "TombstoneStore.condemn",
            "TombstoneStore.condemnUnnamed",
            "TombstoneStore.forget",
            "TombstoneStore.takeDue",
            "UploadClaimStore.begin",
            "UploadClaimStore.take",
            "UploadObjectStore.add",
            "UploadObjectStore.complete",
            "UploadObjectStore.moveTarget",
            "UploadObjectStore.multipart",
            "UploadObjectStore.remove",
            "UploadObjectStore.state",
            "UploadStore.deleteExpired",
            "UploadStore.deleteHeld",
            "UploadStore.finish",
            "UploadStore.record",
            "UploadStore.release",
            "UploadStore.renew",
            "UploadStore.waitForClient",
            "UsageStore.fold",
            "WebhookStore.removeDeleted");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.moorage.metadata");

    @Test
    void everyStatementOfAStoreIsAboutOneTenantOrSaysWhyNot() {
        assertThat(statements()).isNotEmpty();
        assertThat(statements().stream()
                        .filter(method -> !method.isAnnotatedWith(AcrossTenants.class))
                        .filter(method -> method.getRawParameterTypes().stream()
                                .map(JavaClass::getName)
                                .noneMatch(SCOPES::contains))
                        .map(TenantScopeTest::name))
                .isEmpty();
    }

    @Test
    void theStatementsAboutAllTenantsAreThese() {
        assertThat(statements().stream()
                        .filter(method -> method.isAnnotatedWith(AcrossTenants.class))
                        .map(TenantScopeTest::name)
                        .distinct()
                        .sorted())
                .containsExactlyElementsOf(ACROSS_TENANTS);
    }

    private static List<JavaMethod> statements() {
        return CLASSES.stream()
                .filter(type -> type.getSimpleName().endsWith("Store"))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                .toList();
    }

    private static String name(JavaMethod method) {
        return method.getOwner().getSimpleName() + '.' + method.getName();
    }
}
