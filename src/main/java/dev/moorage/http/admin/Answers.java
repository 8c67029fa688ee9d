package dev.moorage.http.admin;

import java.net.URI;
import org.jboss.resteasy.reactive.RestResponse;

/** What several resources answer alike. */
final class Answers {

    private Answers() {}

    /** 201 with where the thing is. */
    static <T> RestResponse<T> created(String path, T thing) {
        return RestResponse.ResponseBuilder.<T>create(RestResponse.Status.CREATED, thing)
                .header("Location", URI.create(path).toASCIIString())
                .build();
    }
}
