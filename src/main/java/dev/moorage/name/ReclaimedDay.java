package dev.moorage.name;

import java.time.LocalDate;

/** What an organization pays for no longer since a day (UTC). */
public record ReclaimedDay(LocalDate day, Amount blobs, Amount manifests) {}
