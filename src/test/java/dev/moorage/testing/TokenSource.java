package dev.moorage.testing;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers a challenge with a token, as go-containerregistry does: GET on the realm with service and scope.
 *
 * @param authorization what the token server is shown; empty for nothing
 */
record TokenSource(Optional<String> authorization) {

    private static final Pattern PARAMETER = Pattern.compile("(realm|service|scope)=\"([^\"]*)\"");

    /** A header of a name and a password. */
    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
    }

    /** A token for what the challenge asks for; empty where there is none to be had. */
    Optional<String> answering(Answer refusal) {
        String challenge = refusal.header("www-authenticate");
        if (!challenge.startsWith("Bearer ")) {
            return Optional.empty();
        }
        StringBuilder target = new StringBuilder();
        Matcher parameters = PARAMETER.matcher(challenge);
        while (parameters.find()) {
            String value = parameters.group(2);
            target.append(
                    parameters.group(1).equals("realm")
                            ? value + "?x="
                            : '&' + parameters.group(1) + '=' + RegistryClient.encoded(value));
        }
        URI realm = URI.create(target.toString());
        RegistryClient.Request request = new RegistryClient(realm).request("GET", target.toString());
        authorization.ifPresent(header -> request.header("Authorization", header));
        Answer answer = request.send();
        return answer.status() == 200 ? Optional.of(answer.json().get("token").asText()) : Optional.empty();
    }
}
