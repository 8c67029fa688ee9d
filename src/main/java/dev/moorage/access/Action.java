package dev.moorage.access;

/** What a request does to a repository (Docker token specification, "Resource actions"). */
public enum Action {
    PULL,
    PUSH,
    DELETE
}
