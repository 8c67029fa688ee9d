package dev.moorage.command;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImageFilter;
import dev.moorage.administration.ImageService;
import dev.moorage.administration.Listing;
import dev.moorage.administration.StoredImage;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.Sorting;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the images of all repositories, as {@code docker images} lists those of a machine. */
@Command(
        name = "images",
        description = {
            "Lists the images of all repositories, those pushed last first, beside a registry that serves or alone.",
            "A line for each tag, and one for each image without any that nothing needs."
        })
final class ImagesCommand implements Callable<Integer> {

    private static final int PAGE = 200;
    private static final Sorting NEWEST = new Sorting(Sorting.Key.PUSHED, Sorting.Direction.DOWN);

    @Parameters(index = "0", arity = "0..1", paramLabel = "REFERENCE", description = "As --filter reference=REFERENCE.")
    private Optional<String> reference;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = {
                "reference=PATTERN (of a name, or name:tag; * is any text), label=KEY or label=KEY=VALUE, dangling=true|false,",
                "platform=OS/ARCHITECTURE[/VARIANT], before= and since= a time (2026-01-31T12:00:00Z) or name:tag of another image."
            })
    private List<String> filters = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = ImageFormat.TABLE,
            description = {
                "json, or a template as '{{.Repository}}:{{.Tag}}', with 'table ' before it for a heading; \\t and \\n are known.",
                "Fields: ID, Repository, Tag, Digest, CreatedSince, CreatedAt, PushedAt, LastPulledAt, Pulls, Platforms, Size."
            })
    private String format;

    @Option(names = "--no-trunc", description = "Shows whole ids.")
    private boolean whole;

    @Option(
            names = {"-q", "--quiet"},
            description = "Shows ids only.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    private final Program program;

    ImagesCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        ImageFormat lines = ImageFormat.parse(quiet ? "{{.ID}}" : format)
                .orElseThrow(
                        () -> Arguments.wrong(spec, "a format is json, or a template of fields as {{.Repository}}"));
        ImageArguments wanted = arguments();
        PrintWriter output = spec.commandLine().getOut();
        return program.with(ImageService.class, images -> {
            Grant grant = Grant.command("images");
            ImageFilter filter = wanted.filter(name -> pushed(images, grant, name));
            String after = "";
            while (true) {
                Listing<StoredImage> page = images.list(grant, filter, NEWEST, new Listing.Asked(after, PAGE));
                lines.lines(page.items(), whole ? ImageFormat.Ids.WHOLE : ImageFormat.Ids.SHORT, Instant.now())
                        .forEach(output::println);
                if (page.next().isEmpty()) {
                    return Commands.DONE;
                }
                after = page.next().get();
            }
        });
    }

    private ImageArguments arguments() {
        ImageArguments wanted = new ImageArguments(spec);
        reference.ifPresent(text -> wanted.add("reference=" + text));
        filters.forEach(wanted::add);
        return wanted;
    }

    /** When an image was pushed that is named by its repository and tag. */
    private static Instant pushed(ImageService images, Grant grant, String name) {
        ImageFilter one = new ImageFilter(
                Optional.of(name),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        return images.newest(grant, one).map(StoredImage::pushedAt).orElseThrow(() -> new NotFound("image", name));
    }
}
