package dev.moorage.name;

import java.time.LocalDate;

/** What an organization kept on a day (UTC), as its last report of that day found it. */
public record StorageDay(LocalDate day, long bytes) {}
