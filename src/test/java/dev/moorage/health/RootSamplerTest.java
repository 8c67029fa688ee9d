package dev.moorage.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootSamplerTest {

    // The id that a sampler by the id would always take.
    private static final String TRACE = "00000000000000010000000000000000";
    private static final String SPAN = "0000000000000001";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wishOfAClientDoesNotCount(boolean wished) {
        SpanContext client = SpanContext.createFromRemoteParent(TRACE, SPAN, flags(wished), TraceState.getDefault());
        assertThat(taken(0.0, client)).isFalse();
        assertThat(taken(1.0, client)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void partOfARequestGoesWithTheRequest(boolean request) {
        SpanContext above = SpanContext.create(TRACE, SPAN, flags(request), TraceState.getDefault());
        assertThat(taken(0.0, above)).isEqualTo(request);
        assertThat(taken(1.0, above)).isEqualTo(request);
    }

    @Test
    void shareIsTakenOfTheRest() {
        long taken = IntStream.range(0, 10_000)
                .filter(i -> taken(0.25, SpanContext.getInvalid()))
                .count();
        assertThat(taken).isBetween(2000L, 3000L);
    }

    private static TraceFlags flags(boolean sampled) {
        return sampled ? TraceFlags.getSampled() : TraceFlags.getDefault();
    }

    private static boolean taken(double share, SpanContext above) {
        return new RootSampler(share)
                        .shouldSample(
                                Context.root().with(Span.wrap(above)),
                                TRACE,
                                "GET",
                                SpanKind.SERVER,
                                Attributes.empty(),
                                List.of())
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }
}
