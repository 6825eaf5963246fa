package dev.connectorsdk.internal.definition.request;

/** Where a parameter travels. */
public enum ParameterPlace {
  PATH,
  QUERY,
  HEADER,
  FORM,
  BODY,
  /** Into nothing: a caller may give it, and no request can carry it. */
  NOWHERE
}
