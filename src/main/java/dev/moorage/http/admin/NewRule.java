package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A rule to make. */
record NewRule(@JsonProperty(required = true) String pattern) {}
