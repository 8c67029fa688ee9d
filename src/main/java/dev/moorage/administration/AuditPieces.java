package dev.moorage.administration;

import dev.moorage.metadata.AuditRow.Place;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Rows of the audit trail piece by piece, each read in a short transaction of its own when it is asked for. */
public final class AuditPieces {

    private final Function<Optional<Place>, Piece> read;
    private Optional<Piece> first;
    private Optional<Place> next = Optional.empty();

    /**
     * Some rows.
     *
     * @param rows the rows, the oldest first; there may be none, and more behind them
     * @param next from behind where the next piece comes; empty where this is the last one
     */
    record Piece(List<AuditRecord> rows, Optional<Place> next) {

        Piece {
            rows = List.copyOf(rows);
        }
    }

    // The first piece at once: who may not read is told so before anything is sent.
    AuditPieces(Function<Optional<Place>, Piece> read) {
        this.read = read;
        this.first = Optional.of(read.apply(Optional.empty()));
    }

    /** The next rows, of which a piece may have none; empty behind the last piece. */
    public Optional<List<AuditRecord>> next() {
        Optional<Piece> piece = first.or(() -> next.map(place -> read.apply(Optional.of(place))));
        first = Optional.empty();
        next = piece.flatMap(Piece::next);
        return piece.map(Piece::rows);
    }
}
