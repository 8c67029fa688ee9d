package dev.moorage.blob;

/** Counts the steps of a program, and ends it at one of them. */
final class Steps {

    private final int last;
    private final Death death;
    private int reached;
    private boolean dead;

    /** What happens at the last step. */
    enum Death {
        /** This step fails, and the program goes on as it can. */
        ONE_FAILURE,
        /** Nothing that the program does any more has an effect, until another one begins. */
        KILL
    }

    Steps(int last, Death death) {
        this.last = last;
        this.death = death;
    }

    /** The program has ended. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    void reach() {
        if (breaks()) {
            throw new Ended();
        }
    }

    synchronized boolean breaks() {
        if (dead) {
            return true;
        }
        reached++;
        if (reached == last) {
            dead = death == Death.KILL;
            return true;
        }
        return false;
    }

    synchronized void beginAgain() {
        dead = false;
    }

    /** Whether the last step came at all. */
    synchronized boolean happened() {
        return reached >= last;
    }
}
