package dev.moorage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.lifecycle.Finding.DigestDiffers;
import dev.moorage.lifecycle.Finding.MarkDiffers;
import dev.moorage.lifecycle.Finding.MultipartUnknown;
import dev.moorage.lifecycle.Finding.ObjectAbsent;
import dev.moorage.lifecycle.Finding.ObjectUnnamed;
import dev.moorage.lifecycle.Finding.Repair;
import dev.moorage.lifecycle.Finding.SizeDiffers;
import dev.moorage.lifecycle.Finding.Unreadable;
import dev.moorage.lifecycle.FsckSummary;
import dev.moorage.metadata.BlobRow;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered without starting anything, and the lines that scripts read. */
class CommandsTest {

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fsk",
                "--deep",
                "fsck --shallow",
                "fsck all",
                "fsck --deep=yes",
                "fsck --repair --acknowledge",
                "serve",
                "organization",
                "organization create",
                "organization create A/b",
                "account create",
                "robot create acme ci",
                "robot create acme ci --role king",
                "robot create acme ci --role reader --expires soon",
                "robot create acme ci --role reader --prefix other",
                "audit all",
                "audit --since soon",
                "audit --organization A/b",
                "images one two",
                "images --filter",
                "images --filter colour=red",
                "images --filter dangling=maybe",
                "images --format {{.Colour}}"
            })
    void whatCannotBeUnderstoodIsAnsweredWithTheUsage(String arguments) {
        assertThat(execute(arguments.split(" "))).isEqualTo(2);
        assertThat(errors.toString()).contains("Usage: moorage");
        assertThat(output.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "fsck --help", "fsck --deep -h"})
    void helpIsPrintedAndStartsNothing(String arguments) {
        assertThat(execute(arguments.split(" "))).isZero();
        assertThat(output.toString()).contains("Usage: moorage", "fsck");
        assertThat(errors.toString()).isEmpty();
    }

    @Test
    void aCommandEndsWithTheExitCodeOfItsWork() {
        Program found = new Program() {
            @Override
            public <T> int with(Class<T> useCase, ToIntFunction<T> work) {
                return Commands.FOUND;
            }
        };
        assertThat(execute(found, "fsck", "--deep", "--repair")).isEqualTo(1);
    }

    @Test
    void linesOfFindingsStayAsTheyAre() {
        BlobKey key = BlobKey.of(UUID.fromString("0123abcd-0000-4000-8000-000000000000"));
        Digest digest = Digest.ofBytes(Digest.Algorithm.SHA256, new byte[0]);
        String blob =
                "digest=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 key=blobs/01/23/0123abcd-0000-4000-8000-000000000000 size=12";
        BlobRow row = new BlobRow(digest, 12, key);

        assertThat(FsckLine.of(new ObjectAbsent(row)))
                .isEqualTo("object-absent " + blob + ": upload the blob again, which replaces the object");
        assertThat(FsckLine.of(new SizeDiffers(row, 7)))
                .isEqualTo("size-differs " + blob + " stored-size=7: upload the blob again, which replaces the object");
        assertThat(FsckLine.of(new DigestDiffers(row, digest)))
                .isEqualTo("digest-differs " + blob + " stored-digest=" + digest
                        + ": remove the object from the store, then upload the blob again");
        assertThat(FsckLine.of(new Unreadable(row, "an I/O\nerror")))
                .isEqualTo("object-unreadable " + blob + ": an I/O error");
        assertThat(FsckLine.of(new ObjectUnnamed(key, 12, Repair.NONE)))
                .isEqualTo("object-without-row key=" + key + " size=12: fsck --repair removes it");
        assertThat(FsckLine.of(new ObjectUnnamed(key, 12, Repair.DONE)))
                .isEqualTo("object-without-row key=" + key + " size=12: condemned, and goes when its time has come");
        assertThat(FsckLine.of(new MultipartUnknown(key, "abc", Repair.NONE)))
                .isEqualTo("multipart-without-row key=" + key + " id=abc: fsck --repair removes it");
        assertThat(FsckLine.of(new MultipartUnknown(key, "abc", Repair.DONE)))
                .isEqualTo("multipart-without-row key=" + key + " id=abc: abandoned");
        assertThat(FsckLine.of(new MarkDiffers("The store is another", Repair.NONE)))
                .isEqualTo(
                        "mark-differs: The store is another: fsck --acknowledge makes it this database's, and collection goes on");
        assertThat(FsckLine.of(new MarkDiffers("The store is another", Repair.DONE)))
                .isEqualTo("mark-differs: The store is another: it is this database's now");
        assertThat(FsckLine.of(new FsckSummary(1, 2, 3, 4, 5, 6, 7, 8)))
                .isEqualTo(
                        "summary blobs=1 blob-bytes=2 hashed-bytes=3 objects=4 multiparts=5 findings=6 finding-bytes=7 repaired=8");
    }

    private int execute(String... arguments) {
        return execute(
                new Program() {
                    @Override
                    public <T> int with(Class<T> useCase, ToIntFunction<T> work) {
                        throw new AssertionError("nothing is to be started");
                    }
                },
                arguments);
    }

    private int execute(Program program, String... arguments) {
        return Commands.line(program, new PrintWriter(output, true), new PrintWriter(errors, true))
                .execute(arguments);
    }
}
