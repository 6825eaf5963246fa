package dev.connectorsdk.api.internal;

/** How JSON pointers are written; RFC 6901. The empty pointer is the whole document. */
public final class JsonPointers {

  private JsonPointers() {}

  /** Returns the pointer to a member of the object at {@code parent}. */
  public static String child(String parent, String name) {
    return parent + "/" + escape(name);
  }

  /** Returns the pointer to an element of the array at {@code parent}. */
  public static String child(String parent, int index) {
    return parent + "/" + index;
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
