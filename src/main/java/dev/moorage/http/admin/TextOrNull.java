package dev.moorage.http.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A field of a change in which null says something else than leaving it out. */
@JsonDeserialize(using = TextOrNull.Reader.class)
@Schema(type = SchemaType.STRING, nullable = true)
sealed interface TextOrNull {

    /** It was left out: what is there stays. */
    record Absent() implements TextOrNull {}

    /** It is null: what is there goes. */
    record Null() implements TextOrNull {}

    /** It is a text. */
    record Text(String value) implements TextOrNull {}

    /** Tells the three apart. */
    final class Reader extends StdDeserializer<TextOrNull> {
        private static final long serialVersionUID = 1L;

        Reader() {
            super(TextOrNull.class);
        }

        @Override
        public TextOrNull deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parser.hasToken(JsonToken.VALUE_STRING)
                    ? new Text(parser.getText())
                    : (TextOrNull) context.handleUnexpectedToken(TextOrNull.class, parser);
        }

        @Override
        public TextOrNull getNullValue(DeserializationContext context) {
            return new Null();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return new Absent();
        }
    }
}
