package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** A rule to make. */
@RegisterForReflection
record NewRule(@JsonProperty(required = true) String pattern) {}
