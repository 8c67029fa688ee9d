package dev.moorage.access;

import dev.moorage.error.RegistryException;
import dev.moorage.metadata.Guard;
import dev.moorage.metadata.RepositoryScope;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.name.RepositoryName;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The proof that a caller may do something, without which no use case can be called: only this room makes one.
 *
 * <p>Immutable and good for one request.
 */
public final class Grant {

    private static final Challenge NONE = new Challenge("", "", "");

    private final Caller caller;
    private final Optional<RepositoryName> repository;
    private final Set<Action> actions;
    private final Basis basis;
    private final Challenge challenge;

    /**
     * What a grant rests on.
     *
     * @param rule what it was made by
     * @param principal whose it is
     * @param limit what the credential that was shown may be used for at most
     * @param guard what must still be true when it is used
     * @param proof how the caller showed who he is
     */
    record Basis(Rule rule, Principal principal, Limit limit, Guard guard, Proof proof) {

        /** Nothing: the open mode. */
        static final Basis OPEN = everything(Rule.EVERYTHING);

        private static Basis everything(Rule rule) {
            return new Basis(rule, new Principal.Anonymous(), Limit.NONE, Guard.NONE, Proof.TOKEN);
        }

        /** What somebody holds. */
        static Basis held(Principal principal, Limit limit, Guard guard) {
            return held(principal, limit, guard, Proof.TOKEN);
        }

        /** What somebody holds who showed who he is in a certain way. */
        static Basis held(Principal principal, Limit limit, Guard guard, Proof proof) {
            return new Basis(Rule.HELD, principal, limit, guard, proof);
        }
    }

    /** How a caller shows who he is. */
    enum Proof {
        /** By his own password: it is he himself. */
        PASSWORD,
        /** By something that was made for a part of what he may, and that others may hold for him. */
        TOKEN
    }

    /** What grants are made by. */
    enum Rule {
        /** Everybody may do everything. */
        EVERYTHING,
        /** The registry itself is at work. */
        SYSTEM,
        /** A command of the program is, for whoever may run it on the machine. */
        COMMAND,
        /** Everybody may do what he holds. */
        HELD
    }

    Grant(Caller caller, Optional<RepositoryName> repository, Set<Action> actions, Basis basis, Challenge challenge) {
        this.caller = caller;
        this.repository = repository;
        this.actions = actions.isEmpty() ? EnumSet.noneOf(Action.class) : EnumSet.copyOf(actions);
        this.basis = basis;
        this.challenge = challenge;
    }

    /** A grant to do everything, as the open mode gives it. */
    static Grant open(Caller caller, Optional<RepositoryName> repository) {
        return new Grant(caller, repository, EnumSet.allOf(Action.class), Basis.OPEN, NONE);
    }

    /** The registry itself at work, for a reason that the history can tell. */
    public static Grant system(String reason) {
        return everything(Rule.SYSTEM, new Caller("system: " + reason, "", ""));
    }

    /** A command of the program, which whoever can run it on the machine may give. */
    public static Grant command(String name) {
        String user = System.getProperty("user.name", "");
        return everything(Rule.COMMAND, new Caller("command: " + user, "", "moorage " + name));
    }

    private static Grant everything(Rule rule, Caller caller) {
        return new Grant(caller, Optional.empty(), EnumSet.allOf(Action.class), Basis.everything(rule), NONE);
    }

    /** Who asked. */
    public Caller caller() {
        return caller;
    }

    /** Who asked, as far as he has shown it. */
    public Principal principal() {
        return basis.principal();
    }

    /** The repository that the grant is for. */
    public RepositoryName repository() {
        return repository.orElseThrow(() -> new IllegalStateException("the grant is for no single repository"));
    }

    /** The repository that the grant is for, with what must still be true of the grant when a statement looks for it. */
    public RepositoryScope scope() {
        return new RepositoryScope(repository(), basis.guard());
    }

    /** Whether the caller may do this to the repository. */
    public boolean allows(Action action) {
        return actions.contains(action);
    }

    /** Whether the caller may pull from every repository, as everybody may in open mode. */
    public boolean pullsEverywhere() {
        return basis.rule() != Rule.HELD;
    }

    /** Whether the caller has shown his own password, and no token in its place. */
    public boolean byPassword() {
        return basis.proof() == Proof.PASSWORD;
    }

    /** Whether the caller has shown something in the place of his password, in secured mode. */
    public boolean byToken() {
        return basis.rule() == Rule.HELD && !byPassword();
    }

    /** Whether the caller's first push to an organization that is absent may make it, where the settings let anybody's. */
    public boolean makesOrganizations() {
        return basis.rule() != Rule.HELD
                || (basis.principal() instanceof Principal.Account account && account.administrator());
    }

    /** What to answer where a statement with the guard found nothing; empty where the grant still counts. */
    public Optional<RegistryException> refusal(RepositoryStore.State state) {
        if (!state.holder()) {
            return Optional.of(challenge.refusal(Challenge.Fault.INVALID_TOKEN));
        }
        return state.present() && !state.same()
                ? Optional.of(challenge.refusal(Challenge.Fault.INSUFFICIENT_SCOPE))
                : Optional.empty();
    }

    /** What it was made by. */
    Rule rule() {
        return basis.rule();
    }

    Limit limit() {
        return basis.limit();
    }

    Guard guard() {
        return basis.guard();
    }
}
