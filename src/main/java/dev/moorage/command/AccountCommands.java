package dev.moorage.command;

import dev.moorage.access.Grant;
import dev.moorage.administration.Account;
import dev.moorage.administration.AccountService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is done to accounts before anybody can log in. */
@Command(name = "account", description = "Makes accounts.")
final class AccountCommands extends CommandGroup {

    /** Makes an account. */
    @Command(
            name = "create",
            description = {
                "Makes an account, beside a registry that serves or alone.",
                "It prints a password for it, which is shown this once, unless one is given."
            })
    static final class Create implements Callable<Integer> {

        @Parameters(paramLabel = "NAME", description = "The name with which it logs in.")
        private String name;

        @Option(names = "--administrator", description = "It may do everything.")
        private boolean administrator;

        @Option(names = "--password-stdin", description = "Its password is the first line of standard input.")
        private boolean passwordFromInput;

        @Spec
        private CommandSpec spec;

        private final Program program;

        Create(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            Optional<String> password = passwordFromInput ? Optional.of(firstLine()) : Optional.empty();
            AccountService.Wanted wanted = new AccountService.Wanted(
                    name, administrator ? AccountService.Rank.ADMINISTRATOR : AccountService.Rank.USUAL, password);
            return program.with(AccountService.class, accounts -> {
                Account.Made made = accounts.create(Grant.command("account create"), wanted);
                spec.commandLine().getOut().println("account " + made.account().name());
                made.oneTimePassword()
                        .ifPresent(text -> spec.commandLine().getOut().println("password " + text));
                return Commands.DONE;
            });
        }

        private String firstLine() {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            try {
                return Optional.ofNullable(lines.readLine())
                        .orElseThrow(() -> Arguments.wrong(spec, "there is no password on standard input"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
