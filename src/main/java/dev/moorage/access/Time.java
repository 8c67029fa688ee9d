package dev.moorage.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.InstantSource;

/** Where the time comes from by which tokens begin and end. */
class Time {

    @Produces
    @ApplicationScoped
    InstantSource system() {
        return InstantSource.system();
    }
}
