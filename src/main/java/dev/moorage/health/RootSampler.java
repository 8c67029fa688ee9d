package dev.moorage.health;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Chooses by chance which requests are traced, each whole. A client may name the trace that its request belongs to; neither
 * what it wishes nor the id that it chose counts, or anybody could have all of his requests traced.
 */
@Singleton
class RootSampler implements Sampler {

    private final double share;

    RootSampler(@ConfigProperty(name = "quarkus.otel.traces.sampler.arg", defaultValue = "1.0") double share) {
        this.share = share;
    }

    @Override
    public SamplingResult shouldSample(
            Context parent, String trace, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        SpanContext above = Span.fromContext(parent).getSpanContext();
        boolean within = above.isValid() && !above.isRemote();
        boolean taken = within ? above.isSampled() : ThreadLocalRandom.current().nextDouble() < share;
        return taken ? SamplingResult.recordAndSample() : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "RootSampler{%s}".formatted(share);
    }
}
