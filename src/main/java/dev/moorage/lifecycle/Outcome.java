package dev.moorage.lifecycle;

import java.time.OffsetDateTime;

/** What became of something that was looked at. */
sealed interface Outcome {

    /** It is gone now. */
    record Gone() implements Outcome {}

    /** Something keeps it, and whoever takes that away asks again; or it was gone before. */
    record Kept() implements Outcome {}

    /** It is kept until then, if not for longer. */
    record Later(OffsetDateTime until) implements Outcome {}

    /** A piece of it is gone, and the rest goes in further transactions. */
    record Piece() implements Outcome {}

    /** It is nothing that this version could look at; its entry stays as it is, put off for others. */
    record Left() implements Outcome {}
}
