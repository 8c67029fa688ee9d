package dev.moorage.name;

/**
 * The identity of one robot; never used again for another robot, not even one of the same name.
 *
 * @param value the row's key
 */
public record RobotId(long value) {

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
