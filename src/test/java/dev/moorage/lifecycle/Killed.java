package dev.moorage.lifecycle;

/** The end of the program in the middle of something: nobody catches it. */
final class Killed extends Error {

    private static final long serialVersionUID = 1L;

    Killed() {
        super("killed");
    }
}
