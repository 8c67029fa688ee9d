package dev.moorage.http.ui;

import io.quarkus.qute.RawString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Makes the HTML of a README, which strangers wrote: the only HTML of the console that does not come from its templates.
 *
 * <p>HTML in it is shown as text. Links lead to the web or to a mailbox, or are no links; pictures are links to them, since
 * pages load nothing from elsewhere. Headings begin below the page's own and leave none out. What would be far longer as HTML
 * than as Markdown, or is nested so deeply that nobody reads it, is shown as it was written.
 */
final class Markdown {

    private static final List<String> ALLOWED = List.of("http://", "https://", "mailto:");
    private static final int MOST_OPEN = 50;
    private static final int DEEPEST = 100;
    private static final int MOST_ADDRESSES = 262_144;
    private static final int LOWEST_HEADING = 6;

    private static final List<TablesExtension> TABLES = List.of((TablesExtension) TablesExtension.create());
    private static final Parser PARSER =
            Parser.builder().extensions(TABLES).maxOpenBlockParsers(MOST_OPEN).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .extensions(TABLES)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .percentEncodeUrls(true)
            .attributeProviderFactory(_ -> Markdown::attributes)
            .build();

    private Markdown() {}

    /** The HTML of a text, below a heading of a level. */
    static RawString html(String text, int below) {
        Node document;
        try {
            document = PARSER.parse(text);
        } catch (StackOverflowError _) {
            // The parser joins texts by recursion, as deep as emphasis is nested, and leaves nothing behind it.
            return asWritten(text);
        }
        List<Node> nodes = new ArrayList<>();
        if (!collect(document, nodes)) {
            return asWritten(text);
        }
        int heading = below;
        for (Node node : nodes) {
            switch (node) {
                case Heading one -> {
                    heading = Math.min(LOWEST_HEADING, Math.min(below + one.getLevel(), heading + 1));
                    one.setLevel(heading);
                }
                case Image image -> tidy(image);
                case Link link when !leadsOut(link.getDestination()) -> dissolve(link);
                default -> {}
            }
        }
        return new RawString(RENDERER.render(document));
    }

    /** All nodes, parents first; false where they are too deep, or repeat an address so often that the HTML would be huge. */
    private static boolean collect(Node document, List<Node> nodes) {
        long addresses = 0;
        int depth = 0;
        Node node = document;
        while (node != null) {
            nodes.add(node);
            addresses += switch (node) {
                case Link link -> length(link.getDestination()) + length(link.getTitle());
                case Image image -> length(image.getDestination()) + length(image.getTitle());
                default -> 0;
            };
            if (depth > DEEPEST || addresses > MOST_ADDRESSES) {
                return false;
            }
            if (node.getFirstChild() != null) {
                node = node.getFirstChild();
                depth++;
                continue;
            }
            while (node != document && node.getNext() == null) {
                node = node.getParent();
                depth--;
            }
            node = node == document ? null : node.getNext();
        }
        return true;
    }

    private static int length(String text) {
        return text == null ? 0 : text.length();
    }

    /** A picture becomes a link to it by what it shows, or that alone inside of a link. */
    private static void tidy(Image image) {
        if (image.getFirstChild() != null && leadsOut(image.getDestination()) && !insideLink(image)) {
            Link link = new Link(image.getDestination(), null);
            move(image, link);
            image.insertBefore(link);
            image.unlink();
        } else {
            dissolve(image);
        }
    }

    private static boolean insideLink(Node node) {
        for (Node parent = node.getParent(); parent != null; parent = parent.getParent()) {
            if (parent instanceof Link) {
                return true;
            }
        }
        return false;
    }

    private static void move(Node from, Node to) {
        while (from.getFirstChild() != null) {
            to.appendChild(from.getFirstChild());
        }
    }

    /** Leaves of a node what is in it. */
    private static void dissolve(Node node) {
        while (node.getFirstChild() != null) {
            node.insertBefore(node.getFirstChild());
        }
        node.unlink();
    }

    private static boolean leadsOut(String address) {
        String small = address.toLowerCase(Locale.ROOT);
        return ALLOWED.stream().anyMatch(small::startsWith);
    }

    private static void attributes(Node node, String tag, Map<String, String> attributes) {
        if (node instanceof Link) {
            attributes.put("rel", "nofollow noopener noreferrer");
        }
        if (tag.equals("pre")) {
            // It scrolls, so the keyboard has to reach it.
            attributes.put("tabindex", "0");
        }
        if (node instanceof TableCell cell) {
            attributes.remove("align");
            if (cell.isHeader()) {
                attributes.put("scope", "col");
            }
        }
    }

    private static RawString asWritten(String text) {
        return new RawString("<pre tabindex=\"0\">"
                + text.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;")
                + "</pre>\n");
    }
}
