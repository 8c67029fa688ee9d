package dev.moorage.command;

import java.util.function.ToIntFunction;

/** The program as a command needs it: started for its work, and ended after it. */
interface Program {

    /**
     * Starts, and hands a use case to the work.
     *
     * @param useCase the class of a bean that is not removed where nothing else needs it
     * @return the exit code that the work answered, or {@link Commands#FAILED}
     */
    <T> int with(Class<T> useCase, ToIntFunction<T> work);
}
