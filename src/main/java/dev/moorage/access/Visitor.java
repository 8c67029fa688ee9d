package dev.moorage.access;

import java.util.Optional;

/**
 * Who makes a request, as far as the request itself tells.
 *
 * @param credentials what it shows
 * @param address the network address that it came from
 * @param client the client's own name for itself
 * @param host the address by which the client knows the registry, as its header {@code Host} says
 */
public record Visitor(Credentials credentials, String address, String client, Optional<String> host) {}
