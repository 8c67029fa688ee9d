package dev.moorage.http.ui;

import java.util.Optional;

/**
 * What stands around each page.
 *
 * @param open whether nobody is asked who he is
 * @param account who looks at it; empty in open mode
 * @param host by which address the registry is reached, for commands that are copied
 * @param secure whether it is reached by TLS
 * @param csrf what a form has to bring back, so that it is known to come from a page of this console
 */
record Frame(boolean open, Optional<String> account, String host, boolean secure, String csrf) {}
