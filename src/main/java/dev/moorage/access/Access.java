package dev.moorage.access;

import dev.moorage.access.Challenge.Fault;
import dev.moorage.access.Grant.Basis;
import dev.moorage.access.Grant.Proof;
import dev.moorage.access.Login.Known;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.Guard;
import dev.moorage.metadata.GuardStore;
import dev.moorage.metadata.RefreshTokenStore.Owner;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.RepositoryName;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a caller may do.
 *
 * <p>In open mode everybody who reaches the address may do everything, and the address is the machine's own unless the
 * operator says otherwise. In secured mode a request shows a token, or a name and a password; one that shows nothing is
 * refused before anything is looked up, so that the answer depends on the question only.
 */
@Singleton
public class Access {

    private static final String ANONYMOUS = "anonymous";
    private static final String UNREADABLE = "what was shown cannot be read";
    private static final AskedScopes NOTHING = new AskedScopes(Map.of(), Set.of(), false);
    private static final AskedScopes CATALOG = new AskedScopes(Map.of(), Set.of(), true);

    private final boolean secured;
    private final String service;
    private final Hosts hosts;
    private final TokenVerifier tokens;
    private final Login login;
    private final Sessions sessions;
    private final Granting granting;
    private final GuardStore guards;
    private final Transactions transactions;
    private final RequestLimits limits;
    private final InstantSource time;
    private final Denials denials;

    Access(
            MoorageConfig config,
            Hosts hosts,
            TokenVerifier tokens,
            Login login,
            Sessions sessions,
            Granting granting,
            GuardStore guards,
            Transactions transactions,
            RequestLimits limits,
            InstantSource time,
            Denials denials) {
        this.secured = config.access().mode() == MoorageConfig.Mode.SECURED;
        this.service = config.access().tokens().service();
        this.hosts = hosts;
        this.tokens = tokens;
        this.login = login;
        this.sessions = sessions;
        this.granting = granting;
        this.guards = guards;
        this.transactions = transactions;
        this.limits = limits;
        this.time = time;
        this.denials = denials;
    }

    /** Whether callers have to show who they are. */
    public boolean secured() {
        return secured;
    }

    /** The registry's own address, for a client that came by a host. */
    public URI address(Optional<String> hostHeader) {
        return hosts.told(hostHeader);
    }

    /** The account of a caller without credentials. */
    public String anonymous() {
        return ANONYMOUS;
    }

    /** A grant of the open mode to do everything to a repository; 429 after too many requests. */
    public Grant open(Caller caller, RepositoryName repository) {
        limits.count(caller.address());
        return openFurther(caller, repository);
    }

    /** A grant of the open mode to do everything to a further repository in the same request. */
    public Grant openFurther(Caller caller, RepositoryName repository) {
        demandOpen();
        return Grant.open(caller, Optional.of(repository));
    }

    /** Lets everybody in, as the open mode does; 429 after too many requests. */
    public void enterOpen(Caller caller) {
        limits.count(caller.address());
        demandOpen();
    }

    /** A grant of the open mode to list all repositories; 429 after too many requests. */
    public Grant openCatalog(Caller caller) {
        return openAll(caller);
    }

    /** Lets a caller in who is who he says, or shows a token of his own or nobody's; 401 with the challenge otherwise. */
    public void enter(Visitor visitor) {
        if (secured) {
            Challenge challenge = challenge(visitor);
            demandHolder(shown(visitor, challenge, NOTHING, Turn.FIRST), visitor, challenge);
        }
    }

    /** A grant to do something to a repository; 401 with the challenge where the caller may not. */
    public Grant require(Visitor visitor, RepositoryName repository, Action action) {
        Challenge challenge = challenge(visitor).forRepository(repository, action);
        VerifiedToken token = shown(visitor, challenge, asked(repository), Turn.FIRST);
        return token.door(repository, action)
                .map(door -> grant(visitor, repository, token, door, challenge))
                .orElseThrow(() -> {
                    tellUnlessNobody(visitor, token.content().principal(), repository, action);
                    return challenge.refusal(Fault.INSUFFICIENT_SCOPE);
                });
    }

    /** A grant to do something to a further repository; empty where the caller may not. */
    public Optional<Grant> offered(Visitor visitor, RepositoryName repository, Action action) {
        Challenge challenge = challenge(visitor).forRepository(repository, action);
        VerifiedToken token = shown(visitor, challenge, asked(repository), Turn.FURTHER);
        return token.door(repository, action).map(door -> grant(visitor, repository, token, door, challenge));
    }

    /** A grant to list what the caller may pull. */
    public Grant catalog(Visitor visitor) {
        Challenge challenge = challenge(visitor).forCatalog();
        VerifiedToken token = shown(visitor, challenge, CATALOG, Turn.FIRST);
        if (!token.content().catalog()) {
            throw challenge.refusal(Fault.INSUFFICIENT_SCOPE);
        }
        demandHolder(token, visitor, challenge);
        return new Grant(
                caller(visitor, token),
                Optional.empty(),
                EnumSet.of(Action.PULL),
                Basis.held(token.content().principal(), token.content().limit(), token.holder()),
                challenge);
    }

    /** A grant to list what is public, for a visitor who shows nothing; 429 after too many requests. */
    public Grant publicCatalog(Visitor visitor) {
        Principal nobody = new Principal.Anonymous();
        limits.count(nobody, visitor.address());
        return new Grant(
                caller(visitor, nobody),
                Optional.empty(),
                EnumSet.of(Action.PULL),
                Basis.held(nobody, Limit.NONE, Guard.NONE),
                challenge(visitor).forCatalog());
    }

    /** A grant of the open mode to ask for anything of the management API. */
    public Grant openAdministration(Caller caller) {
        return openAll(caller);
    }

    /**
     * A grant to ask for something of the management API; what he may do there {@link Authority} tells. 401 where the
     * visitor does not show who he is.
     *
     * <p>A token of the token server does not do: it was given for repositories, often to a program of somebody else.
     */
    public Grant administration(Visitor visitor) {
        Optional<Known> shown =
                switch (visitor.credentials()) {
                    case Credentials.Basic basic -> login.login(basic, visitor);
                    case Credentials.Bearer bearer -> login.login(bearer, visitor);
                    case Credentials.Session session -> sessions.known(session, visitor);
                    case Credentials.None _ -> Optional.empty();
                    case Credentials.Unreadable _ -> {
                        denials.unknown(visitor, AuditAction.TOKEN_SHOW, UNREADABLE);
                        yield Optional.empty();
                    }
                };
        Known known = shown.orElseThrow(() -> new Unauthorized("Basic realm=\"" + service + "\", charset=\"UTF-8\""));
        limits.count(known.principal(), visitor.address());
        return new Grant(
                caller(visitor, known.principal()),
                Optional.empty(),
                EnumSet.noneOf(Action.class),
                Basis.held(
                        known.principal(),
                        known.limit(),
                        Guard.of(VerifiedToken.holder(known.principal()), new Guard.Which.Any()),
                        isPassword(known) ? Proof.PASSWORD : Proof.TOKEN),
                challenge(visitor));
    }

    /** Whether a text is the caller's own password; 429 after too many that were not. */
    public boolean isPassword(Grant grant, String text) {
        return byPassword(grant, text).isPresent();
    }

    /**
     * The same grant for who has shown his password besides, as who has a session does for what only he himself may; empty
     * where the text is another, 429 after too many of those.
     */
    public Optional<Grant> himself(Grant grant, String password) {
        return byPassword(grant, password)
                .map(known -> new Grant(
                        grant.caller(),
                        Optional.empty(),
                        EnumSet.noneOf(Action.class),
                        Basis.held(
                                known.principal(),
                                known.limit(),
                                Guard.of(VerifiedToken.holder(known.principal()), new Guard.Which.Any()),
                                Proof.PASSWORD),
                        new Challenge("", service, "")));
    }

    private Optional<Known> byPassword(Grant grant, String text) {
        Caller caller = grant.caller();
        Credentials.Basic shown = new Credentials.Basic(caller.account(), text);
        return login.login(shown, new Visitor(shown, caller.address(), caller.client(), Optional.empty()))
                .filter(Access::isPassword);
    }

    private static boolean isPassword(Known known) {
        return known.owner().filter(Owner.Account.class::isInstance).isPresent();
    }

    /** What a caller by name and password is given: all that he holds on the repository, as a token would be. */
    private static AskedScopes asked(RepositoryName repository) {
        return new AskedScopes(
                Map.of(repository, EnumSet.of(Action.PULL, Action.PUSH, Action.DELETE)), Set.of(), false);
    }

    /** Whether it is the first time that a request is looked at, or another for the same one. */
    private enum Turn {
        FIRST,
        FURTHER
    }

    // Who it is comes first, for that is who is counted, and what he holds is looked up behind it.
    private VerifiedToken shown(Visitor visitor, Challenge challenge, AskedScopes asked, Turn turn) {
        return switch (visitor.credentials()) {
            case Credentials.None _ -> throw challenge.refusal();
            case Credentials.Unreadable _ -> {
                denials.unknown(visitor, AuditAction.TOKEN_SHOW, UNREADABLE);
                throw challenge.refusal(Fault.INVALID_TOKEN);
            }
            case Credentials.Bearer(String text) -> {
                VerifiedToken token = tokens.verify(text).orElseThrow(() -> {
                    tellUnlessOver(visitor, text);
                    return challenge.refusal(Fault.INVALID_TOKEN);
                });
                count(token.content().principal(), visitor, turn);
                yield token;
            }
            case Credentials.Basic basic -> {
                Known known = login.login(basic, visitor).orElseThrow(challenge::refusal);
                count(known.principal(), visitor, turn);
                yield held(known, asked);
            }
            case Credentials.Session session -> {
                Known known = sessions.known(session, visitor).orElseThrow(challenge::refusal);
                count(known.principal(), visitor, turn);
                yield held(known, asked);
            }
        };
    }

    private VerifiedToken held(Known known, AskedScopes asked) {
        TokenContent content = granting.grant(known.principal(), known.limit(), asked);
        return VerifiedToken.of(content, "", content.issuedAt(), content.issuedAt());
    }

    private void count(Principal principal, Visitor visitor, Turn turn) {
        if (turn == Turn.FIRST) {
            limits.count(principal, visitor.address());
        }
    }

    private void demandHolder(VerifiedToken token, Visitor visitor, Challenge challenge) {
        if (!transactions.read(tx -> guards.holds(tx, token.holder()))) {
            denials.add(
                    token.content().principal(),
                    visitor,
                    AuditSubject.of(AuditAction.TOKEN_SHOW, ""),
                    "what the token rests on was revoked");
            throw challenge.refusal(Fault.INVALID_TOKEN);
        }
    }

    /** What nobody may is asked by every client at first, which then shows who it is. */
    private void tellUnlessNobody(Visitor visitor, Principal principal, RepositoryName repository, Action action) {
        if (!(principal instanceof Principal.Anonymous)) {
            denials.add(
                    principal,
                    visitor,
                    AuditSubject.of(told(action), repository),
                    "the token or the roles of the caller are not for this");
        }
    }

    /** A token that is over is what every client shows in the middle of a long push: it gets another one. */
    private void tellUnlessOver(Visitor visitor, String token) {
        if (!ForeignToken.saysThatItIsOver(token, time.instant())) {
            denials.unknown(visitor, AuditAction.TOKEN_SHOW, "it is no token of this registry");
        }
    }

    private static AuditAction told(Action action) {
        return switch (action) {
            case PULL -> AuditAction.CONTENT_PULL;
            case PUSH -> AuditAction.CONTENT_PUSH;
            case DELETE, ADMINISTER -> AuditAction.CONTENT_DELETE;
        };
    }

    private static Grant grant(
            Visitor visitor,
            RepositoryName repository,
            VerifiedToken token,
            VerifiedToken.Door door,
            Challenge challenge) {
        return new Grant(
                caller(visitor, token),
                Optional.of(repository),
                door.entry().actions(),
                Basis.held(token.content().principal(), token.content().limit(), door.guard()),
                challenge);
    }

    private static Caller caller(Visitor visitor, VerifiedToken token) {
        return caller(visitor, token.content().principal());
    }

    private static Caller caller(Visitor visitor, Principal principal) {
        return new Caller(principal.name(), visitor.address(), visitor.client(), principal.claims());
    }

    private Challenge challenge(Visitor visitor) {
        return new Challenge(hosts.realm(visitor.host()), service, "");
    }

    private Grant openAll(Caller caller) {
        limits.count(caller.address());
        demandOpen();
        return Grant.open(caller, Optional.empty());
    }

    private void demandOpen() {
        if (secured) {
            throw new IllegalStateException("open grants are given in open mode only");
        }
    }
}
