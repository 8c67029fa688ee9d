package dev.moorage.blob;

import dev.moorage.config.MoorageConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Signs addresses, each good for one object, for reading, for a few minutes; none of them may ever be logged. */
final class S3Redirects implements AutoCloseable {

    private final S3Presigner presigner;
    private final MoorageConfig.S3 config;

    S3Redirects(S3Presigner presigner, MoorageConfig.S3 config) {
        this.presigner = presigner;
        this.config = config;
    }

    Optional<URI> address(String name, long size) {
        return switch (config.redirect()) {
            case NEVER -> Optional.empty();
            case LARGE -> size < config.redirectAbove() ? Optional.empty() : Optional.of(sign(name));
            case ALWAYS -> Optional.of(sign(name));
        };
    }

    /** Nothing that is served may run in a browser, whatever was pushed: the store is told what to say. */
    private URI sign(String name) {
        try {
            return presigner
                    .presignGetObject(presign -> presign.signatureDuration(config.redirectLifetime())
                            .getObjectRequest(get -> get.bucket(config.bucket().orElseThrow())
                                    .key(name)
                                    .responseContentType("application/octet-stream")
                                    .responseContentDisposition("attachment")))
                    .url()
                    .toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a signed address is an address", e);
        }
    }

    @Override
    public void close() {
        presigner.close();
    }
}
