package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    private static final List<String> WHOLE =
            List.of("4711", "/data", "1790000000", "54321", "", "127.0.0.1", "  3276812         7", "ready   ");

    @Test
    void readyServerIsToldFromOneThatStarts() {
        assertThat(PidFile.parse(WHOLE)).hasValue(new PidFile(4711, 54321, PidFile.Readiness.READY));
        assertThat(PidFile.parse(WHOLE.subList(0, 7))).hasValue(new PidFile(4711, 54321, PidFile.Readiness.NOT_READY));
        assertThat(PidFile.parse(List.of("4711", "/data", "1790000000", "54321", "", "127.0.0.1", "1 2", "stopping")))
                .hasValue(new PidFile(4711, 54321, PidFile.Readiness.NOT_READY));
    }

    @Test
    void fileThatIsStillBeingWrittenSaysNothing() {
        assertThat(PidFile.parse(List.of())).isEmpty();
        assertThat(PidFile.parse(WHOLE.subList(0, 3))).isEmpty();
        assertThat(PidFile.parse(List.of("", "", "", ""))).isEmpty();
        assertThat(PidFile.parse(List.of("-4711", "/data", "1790000000", "54321")))
                .isEmpty();
        assertThat(PidFile.parse(List.of("4711", "/data", "1790000000", "0"))).isEmpty();
    }

    @Test
    void absentFileSaysNothing(@TempDir Path directory) throws IOException {
        assertThat(PidFile.read(directory.resolve("postmaster.pid"))).isEmpty();
    }

    @Test
    void processThatOnlyHasTheNumberIsNotTheServer() {
        long here = ProcessHandle.current().pid();
        assertThat(new PidFile(here, 1, PidFile.Readiness.READY).isOurServer()).isFalse();
    }
}
