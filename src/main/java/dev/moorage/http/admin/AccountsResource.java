package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Account;
import dev.moorage.administration.AccountService;
import dev.moorage.administration.AccountService.Link;
import dev.moorage.administration.Listing;
import dev.moorage.error.AdministrationException.Invalid;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

/** Accounts, for administrators. */
@Path("/api/v1/accounts")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class AccountsResource {

    private final AdminRequest request;
    private final AccountService accounts;

    AccountsResource(AdminRequest request, AccountService accounts) {
        this.request = request;
        this.accounts = accounts;
    }

    /** An account to make. */
    @RegisterForReflection
    record NewAccount(
            @JsonProperty(required = true) String name, Optional<Boolean> administrator, Optional<String> password) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** What may be changed of one; issuer and subject are said together, or are null together. */
    @RegisterForReflection
    record AccountChange(
            Optional<Boolean> administrator,
            Optional<Boolean> enabled,
            Optional<String> password,
            TextOrNull issuer,
            TextOrNull subject) {
        @Override
        public String toString() {
            return "***";
        }
    }

    @GET
    @Operation(summary = "All accounts; administrators see them")
    public Listing<Account> list() {
        Grant grant = request.grant();
        return accounts.list(grant, request.page());
    }

    @POST
    @Operation(
            summary =
                    "Makes an account, with a password that is in the answer and nowhere else unless one is given; administrators do")
    public RestResponse<Account.Made> create(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewAccount.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewAccount asked = request.read(body, NewAccount.class);
        AccountService.Wanted wanted = new AccountService.Wanted(
                asked.name(),
                asked.administrator().orElse(false) ? AccountService.Rank.ADMINISTRATOR : AccountService.Rank.USUAL,
                asked.password());
        Account.Made made = accounts.create(grant, wanted);
        return Answers.created("/api/v1/accounts/" + made.account().name(), made);
    }

    @GET
    @Path("{account}")
    @Operation(summary = "An account; administrators see it")
    public Account get(String account) {
        Grant grant = request.grant();
        return accounts.get(grant, account);
    }

    @PATCH
    @Path("{account}")
    @Operation(
            summary =
                    "Changes an account, which ends what /auth/token gave it; administrators do, and by their own password only set a password, who is one of them, and whose account it is at the OpenID provider")
    public Account change(
            String account,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = AccountChange.class)))
                    InputStream body) {
        Grant grant = request.grant();
        AccountChange asked = request.read(body, AccountChange.class);
        AccountService.Change change =
                new AccountService.Change(asked.enabled(), asked.administrator(), asked.password(), link(asked));
        return accounts.change(grant, account, change);
    }

    private static Link link(AccountChange asked) {
        return switch (asked.issuer()) {
            case TextOrNull.Absent _ when asked.subject() instanceof TextOrNull.Absent -> new Link.Kept();
            case TextOrNull.Null _ when asked.subject() instanceof TextOrNull.Null -> new Link.Ended();
            case TextOrNull.Text(var issuer)
            when asked.subject() instanceof TextOrNull.Text(var subject) -> new Link.To(issuer, subject);
            case TextOrNull.Absent _, TextOrNull.Null _, TextOrNull.Text _ ->
                throw new Invalid("subject", "issuer and subject are both texts, both null, or both left out");
        };
    }

    @DELETE
    @Path("{account}")
    @Operation(summary = "Deletes an account with its roles and tokens; administrators do")
    public void delete(String account) {
        Grant grant = request.grant();
        accounts.delete(grant, account);
    }
}
