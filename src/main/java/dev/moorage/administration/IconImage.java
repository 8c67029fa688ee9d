package dev.moorage.administration;

import dev.moorage.administration.PresentationService.Picture;
import dev.moorage.error.AdministrationException.Invalid;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Makes a picture that browsers may be given of what somebody sent: a PNG is written anew from its pixels, an SVG is taken as it
 * is where it declares no document type, and is served so that nothing in it runs or loads.
 */
final class IconImage {

    /** How many bytes are taken. */
    static final int MAX_BYTES = 65_536;

    private static final String PNG = "image/png";
    private static final String SVG = "image/svg+xml";
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final String COMMENT = "<!--";

    private IconImage() {}

    /** The picture; 400 where there is none in these bytes. */
    static Picture of(byte[] sent) {
        if (sent.length > MAX_BYTES) {
            throw refused("at most " + MAX_BYTES + " bytes");
        }
        return PngPicture.isPng(sent)
                ? new Picture(PNG, PngPicture.rewritten(sent))
                : new Picture(SVG, svg(sent).getBytes(StandardCharsets.UTF_8));
    }

    static Invalid refused(String reason) {
        return new Invalid(
                "icon",
                "an icon is a PNG of at most " + PngPicture.MAX_SIDE + " by " + PngPicture.MAX_SIDE
                        + " pixels or an SVG: " + reason);
    }

    private static String svg(byte[] sent) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(sent))
                    .toString();
        } catch (CharacterCodingException _) {
            throw refused("this is neither");
        }
        String small = text.toLowerCase(Locale.ROOT);
        if (small.contains("<!doctype") || small.contains("<!entity")) {
            throw refused("without a document type and entities");
        }
        if (!element(small).startsWith("<svg") || !small.contains("http://www.w3.org/2000/svg")) {
            throw refused("this is neither");
        }
        return text;
    }

    /** The text from its first element on. */
    private static String element(String text) {
        String rest = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).strip();
        if (rest.startsWith("<?xml")) {
            rest = behind(rest, "?>");
        }
        while (rest.startsWith(COMMENT)) {
            rest = behind(rest, "-->");
        }
        return rest;
    }

    private static String behind(String text, String end) {
        int at = text.indexOf(end);
        return at < 0 ? "" : text.substring(at + end.length()).strip();
    }
}
