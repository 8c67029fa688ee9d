package dev.moorage.testing;

import java.util.concurrent.CountDownLatch;

/** What the scriptable store does wrong with a request. */
public sealed interface S3Fault {

    /** When a fault strikes. */
    enum Moment {
        BEFORE_THE_EFFECT,
        AFTER_THE_EFFECT
    }

    /**
     * Answers with an error.
     *
     * @param status the HTTP status; 200 for an error in the body of a success
     * @param code S3's code
     */
    record Refusal(Moment moment, int status, String code) implements S3Fault {}

    /** Closes the connection without an answer. */
    record Reset(Moment moment) implements S3Fault {}

    /** Answers nothing until the latch opens. */
    record Silence(CountDownLatch until) implements S3Fault {}

    /** Does what was asked, and answers, when the latch opens. */
    record Held(CountDownLatch until) implements S3Fault {}

    /** Closes the connection, and does what was asked only when {@link FakeS3#landLate} says so. */
    record Late() implements S3Fault {}

    /** Loses a bit of the body on its way in. */
    record FlippedOnArrival() implements S3Fault {}

    /** Keeps the body with a bit changed, after all checks. */
    record FlippedInStore() implements S3Fault {}

    /** Answers with an entity tag that it did not keep. */
    record WrongTag() implements S3Fault {}

    /** Ends a download early. */
    record CutAnswer() implements S3Fault {}

    /** Loses a bit of a download. */
    record FlippedAnswer() implements S3Fault {}

    /** An error that says: later. */
    static S3Fault slowDown() {
        return new Refusal(Moment.BEFORE_THE_EFFECT, 503, "SlowDown");
    }

    /** An error of the store's own. */
    static S3Fault internalError() {
        return new Refusal(Moment.BEFORE_THE_EFFECT, 500, "InternalError");
    }
}
