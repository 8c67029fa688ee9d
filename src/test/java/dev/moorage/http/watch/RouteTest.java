package dev.moorage.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {

    @ParameterizedTest
    @CsvSource({
        "/v2/, BASE",
        "/v2/_catalog, CATALOG",
        "/v2/a/manifests/b/tags/list, TAGS",
        "/v2/a/blobs/manifests/latest, MANIFEST",
        "/v2/a/blobs/sha256:00, BLOB",
        "/v2/a/blobs/uploads/, UPLOADS",
        "/v2/a/blobs/uploads/1, UPLOAD",
        "/v2/a/referrers/sha256:00, REFERRERS",
        "/v2/whatever, OTHER",
        "/v2x/a/tags/list, OTHER",
        "/auth/token, TOKEN",
        "/api/v1/organizations/acme, ADMINISTRATION",
        "/v1/search, SEARCH",
        "/, CONSOLE",
        "/console/repositories/a/v2/-/tags/list, CONSOLE",
        "/consoles, OTHER",
        "*, OTHER",
        "'', OTHER",
    })
    void pathsHaveFewRoutesWhateverTheyHold(String path, Route route) {
        assertThat(Route.of(path)).isEqualTo(route);
    }
}
