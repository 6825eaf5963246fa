package dev.connectorsdk.internal.schema;

/** An action that never changes its input, so that it gets the tree that a caller gave. */
public interface ReadsInputOnly {}
