package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.DenialWindows.Wait;
import dev.moorage.metadata.AuditRow.Actor;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DenialWindowsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final DenialTally tally = new DenialTally(DenialBounds.whole(10, 5));
    private final DenialWindows windows = new DenialWindows(DenialBounds.whole(10, 5));

    @Test
    void whatIsAlikeIsOneEntryWhateverTheClientAndTheAddressWithinItsNetwork() {
        tally.add(Alike.one(denial("anna", "2001:db8::1", "curl"), 1));
        tally.add(Alike.one(denial("anna", "2001:db8::2", "docker"), 5));
        tally.add(Alike.one(denial("anna", "2001:db8:0:1::2", "docker"), 6));

        List<Alike> taken = tally.take();

        assertThat(taken).extracting(Alike::times).containsExactlyInAnyOrder(2L, 1L);
        assertThat(taken)
                .filteredOn(alike -> alike.times() == 2)
                .allMatch(alike -> alike.firstNanos() == 1 && alike.lastNanos() == 5)
                .allMatch(alike -> alike.first().actor().address().equals("2001:db8::1"));
        assertThat(tally.take()).isEmpty();
    }

    @Test
    void moreKindsThanThereIsRoomForAreCountedAndThoseThatAreThereGoOn() {
        for (int i = 0; i < 25; i++) {
            tally.add(Alike.one(denial("nobody" + i, "192.0.2.1", ""), i));
        }
        tally.add(Alike.one(denial("nobody0", "192.0.2.1", ""), 30));

        assertThat(tally.takeDropped()).isEqualTo(15);
        assertThat(tally.takeDropped()).isZero();
        assertThat(tally.take()).hasSize(10).extracting(Alike::times).contains(2L);
    }

    @Test
    void whatGoesOnForADayIsSomeRowsThatCountAllOfIt() {
        List<Alike> written = new ArrayList<>();
        long day = TimeUnit.DAYS.toSeconds(1);
        for (long second = 0; second < day; second += 2) {
            windows.put(List.of(Alike.one(denial("anna", "192.0.2.1", ""), second * SECOND)), second * SECOND);
            written.addAll(windows.take(second * SECOND, Wait.FOR_MORE).written());
        }
        written.addAll(windows.take(day * SECOND, Wait.FOR_NOTHING).written());

        assertThat(written).hasSizeBetween(20, 40);
        assertThat(written.getFirst().times()).isOne();
        assertThat(written.stream().mapToLong(Alike::times).sum()).isEqualTo(day / 2);
    }

    @Test
    void moreRowsThanAnHourHasAreDroppedAndCounted() {
        List<Alike> many = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            many.add(Alike.one(denial("anna" + i, "192.0.2.1", ""), 0));
        }

        assertThat(windows.put(many, 0)).isZero();
        DenialWindows.Due due = windows.take(0, Wait.FOR_MORE);

        assertThat(due.written()).hasSize(5);
        assertThat(due.dropped()).isEqualTo(4);
    }

    @Test
    void howManyWereDroppedIsWrittenAlsoWhereNothingElseIs() {
        List<Alike> many = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            many.add(Alike.one(denial("anna" + i, "192.0.2.1", ""), 0));
        }
        long dropped = windows.put(many, 0);
        Denial told = Denial.of(AuditActor.system("audit"), AuditSubject.of(AuditAction.DENIALS_DROP, ""), "");

        windows.take(0, Wait.FOR_MORE);
        windows.put(List.of(new Alike(told, dropped, 0, 0)), 0);

        assertThat(dropped).isEqualTo(4);
        assertThat(windows.take(0, Wait.FOR_MORE).written())
                .singleElement()
                .matches(alike -> alike.times() == 4 && alike.first().action() == AuditAction.DENIALS_DROP);
    }

    @Test
    void whatCouldNotBeWrittenIsDueAtOnceAndTakesNoFurtherRow() {
        List<Alike> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(Alike.one(denial("anna" + i, "192.0.2.1", ""), 0));
        }
        windows.put(many, 0);
        List<Alike> unwritten = windows.take(0, Wait.FOR_MORE).written();
        for (int second = 2; second < 20; second += 2) {
            windows.putBack(unwritten, second * SECOND);
            unwritten = windows.take(second * SECOND, Wait.FOR_MORE).written();
            assertThat(unwritten).hasSize(5).allMatch(alike -> alike.times() == 1 && alike.firstNanos() == 0);
        }
        windows.put(List.of(Alike.one(denial("anna0", "192.0.2.1", ""), 20 * SECOND)), 20 * SECOND);

        assertThat(windows.take(77 * SECOND, Wait.FOR_MORE).written()).isEmpty();
        // The first window is a minute still, and no row has come back but one in twelve minutes.
        assertThat(windows.take(78 * SECOND, Wait.FOR_MORE).dropped()).isOne();
    }

    @Test
    void oneWhoIsDeniedWithoutEndLeavesRoomForOthers() {
        DenialBounds bounds = DenialBounds.shared(32, 40);
        DenialTally shared = new DenialTally(bounds);
        DenialWindows few = new DenialWindows(bounds);
        List<Alike> written = new ArrayList<>();
        long dropped = 0;
        for (int minute = 0; minute < 30; minute++) {
            long now = minute * 60L * SECOND;
            for (int i = 0; i < 50; i++) {
                shared.add(Alike.one(robot("noisy", minute + " " + i), now));
            }
            shared.add(Alike.one(robot("quiet", "once"), now));
            dropped += few.put(shared.take(), now);
            DenialWindows.Due due = few.take(now, Wait.FOR_MORE);
            written.addAll(due.written());
            dropped += due.dropped() + shared.takeDropped();
        }
        DenialWindows.Due rest = few.take(30 * 60 * SECOND, Wait.FOR_NOTHING);
        written.addAll(rest.written());

        assertThat(times(written, "quiet")).isEqualTo(30);
        assertThat(times(written, "noisy")).isBetween(4L, 8L);
        assertThat(times(written, "noisy") + dropped + rest.dropped()).isEqualTo(30 * 50);
    }

    private static long times(List<Alike> written, String name) {
        return written.stream()
                .filter(alike -> alike.first().actor().name().equals(name))
                .mapToLong(Alike::times)
                .sum();
    }

    private static Denial robot(String name, String target) {
        Actor actor = new Actor("robot", name, Optional.of(1L), "192.0.2.1", "", Optional.empty());
        return Denial.of(actor, AuditSubject.of(AuditAction.CONTENT_PUSH, target), "no");
    }

    private static Denial denial(String target, String address, String client) {
        Actor actor = new Actor("anonymous", "anonymous", Optional.empty(), address, client, Optional.empty());
        return Denial.of(actor, AuditSubject.of(AuditAction.LOGIN, target), "no");
    }
}
