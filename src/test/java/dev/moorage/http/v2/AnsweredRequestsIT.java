package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RepositoryClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Nothing of a request stays in memory behind its answer, however long its connection is used. */
class AnsweredRequestsIT {

    private static final int MANY = 300;
    private static final int FEW = 50;

    @Test
    void aRequestWithABodyIsForgottenWhenItIsAnswered() throws IOException, InterruptedException {
        try (MoorageProcess registry = MoorageProcess.start("forgetful", MoorageProcess.Settings.usual())) {
            RepositoryClient repository = registry.client().newRepository();
            for (int i = 0; i < MANY; i++) {
                repository.pushBlob(("blob " + i).getBytes(StandardCharsets.UTF_8));
            }
            assertThat(instances(registry.pid(), "io.vertx.ext.web.impl.RoutingContextImpl"))
                    .isLessThan(FEW);
        }
    }

    /** How many there are after a collection of the garbage. */
    private static long instances(long pid, String type) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(histogram).isZero();
        assertThat(histogram).contains("java.lang.String");
        return histogram
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length >= 4 && columns[3].equals(type))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }
}
