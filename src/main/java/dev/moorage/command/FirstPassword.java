package dev.moorage.command;

import dev.moorage.access.FirstAccount;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Shows the password of the first account on standard output, before the start can end for want of a port. */
@ApplicationScoped
class FirstPassword {

    void made(@Observes FirstAccount.Shown shown) {
        System.out.printf(
                "%n  first account   %s, password %s (shown this once)%n", FirstAccount.NAME, shown.password());
        System.out.flush();
    }
}
