package dev.connectorsdk.api.internal;

import java.util.Map;
import tools.jackson.core.JacksonException;

/** How JSON pointers are written; RFC 6901. The empty pointer is the whole document. */
public final class JsonPointers {

  private static final int LONGEST = 500;

  private JsonPointers() {}

  /** Returns the pointer to a member of the object at {@code parent}. */
  public static String child(String parent, String name) {
    return parent + "/" + escape(name);
  }

  /** Returns the pointer to an element of the array at {@code parent}. */
  public static String child(String parent, int index) {
    return parent + "/" + index;
  }

  /**
   * Returns the pointer to what could not be read or written. A key of a map, which may be as
   * secret as a value, is {@code *} in it. A long one is cut short: what holds itself has one
   * without an end.
   */
  public static String of(JacksonException e) {
    String pointer = "";
    for (JacksonException.Reference step : e.getPath()) {
      if (pointer.length() > LONGEST) {
        return pointer + "/...";
      }
      String name = step.getPropertyName();
      if (name == null) {
        pointer = child(pointer, step.getIndex());
      } else {
        pointer = step.from() instanceof Map ? pointer + "/*" : child(pointer, name);
      }
    }
    return pointer;
  }

  /** Returns the same in parentheses, to end a message with; empty for a whole document. */
  public static String inMessage(JacksonException e) {
    String pointer = of(e);
    return pointer.isEmpty() ? "" : " (" + pointer + ")";
  }

  /** Writes a name as a part of a pointer: {@code ~0} for a tilde, {@code ~1} for a slash. */
  public static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /** Reads a part of a pointer; the reverse of {@link #escape}. */
  public static String unescape(String part) {
    return part.replace("~1", "/").replace("~0", "~");
  }
}
