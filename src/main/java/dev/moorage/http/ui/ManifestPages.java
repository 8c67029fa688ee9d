package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImageTag;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Inspection;
import dev.moorage.registry.InspectionService;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.RequestScoped;
import java.util.List;
import java.util.Optional;

/** Makes the pages of tags and of manifests: what they are made of. */
@RequestScoped
class ManifestPages {

    private static final String FIRST_CHOICE = "linux/amd64";

    private final ConsoleRequest request;
    private final InspectionService inspections;

    ManifestPages(ConsoleRequest request, InspectionService inspections) {
        this.request = request;
        this.inspections = inspections;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance manifest(Frame frame, ManifestPage page);
    }

    /** The page of what a tag names, or of a manifest by its digest. */
    TemplateInstance page(Grant grant, Optional<ImageTag> tag, String digest) {
        RepositoryName repository = request.repository();
        Inspection image = inspections.inspect(grant, repository, digest);
        return Pages.manifest(
                request.frame(),
                new ManifestPage(
                        repository.value(),
                        tag,
                        image,
                        chosen(grant, image),
                        inspections.referrers(
                                grant, repository, Digest.parse(digest).orElseThrow())));
    }

    private Optional<ImageParts> chosen(Grant grant, Inspection image) {
        if (!image.index()) {
            return Optional.of(ImageParts.of(image));
        }
        List<Inspection.Entry> images = image.manifests().stream()
                .filter(entry -> entry.attests().isEmpty())
                .toList();
        Optional<String> asked = request.query("platform");
        return images.stream()
                .filter(entry -> asked.filter(entry.digest()::equals).isPresent())
                .findFirst()
                .or(() -> images.stream()
                        .filter(entry ->
                                entry.platform().filter(FIRST_CHOICE::equals).isPresent())
                        .findFirst())
                .or(() -> images.stream().findFirst())
                .flatMap(entry -> child(grant, entry.digest()))
                .map(ImageParts::of);
    }

    /** An index may list what is no manifest, or is not there. */
    private Optional<Inspection> child(Grant grant, String digest) {
        try {
            return Optional.of(inspections.inspect(grant, request.repository(), digest));
        } catch (NotFound _) {
            return Optional.empty();
        }
    }
}
