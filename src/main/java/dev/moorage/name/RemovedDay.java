package dev.moorage.name;

import java.time.LocalDate;

/** What went from the store on a day (UTC). */
public record RemovedDay(LocalDate day, Amount objects) {}
