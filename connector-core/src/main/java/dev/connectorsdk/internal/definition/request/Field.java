package dev.connectorsdk.internal.definition.request;

/** A name and a value, neither encoded. */
public record Field(String name, String value) {}
