package dev.connectorsdk.api;

/** The input of an action that needs none, or the output of one that has none to give. */
public record Nothing() {

  /** The one value of this type. */
  public static final Nothing NOTHING = new Nothing();
}
