package dev.moorage.http.v2;

import dev.moorage.registry.Precondition;

/** Answers whether a client has already what it asks for (RFC 9110, section 13.1.2). */
final class Validators {

    private Validators() {}

    /** Whether the request's If-None-Match holds this entity tag: 304. */
    static boolean notModified(V2Request request, String entityTag) {
        return request.header("If-None-Match")
                .filter(header -> Precondition.matches(Precondition.tags(header), entityTag))
                .isPresent();
    }
}
