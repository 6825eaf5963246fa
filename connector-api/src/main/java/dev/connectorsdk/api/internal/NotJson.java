package dev.connectorsdk.api.internal;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;

/** What messages say of a text that cannot be read as JSON. They quote nothing of it. */
public final class NotJson {

  private NotJson() {}

  /** Returns what is wrong, and where, to stand behind the text's name. */
  public static String problem(JacksonException e) {
    String problem =
        e instanceof StreamConstraintsException
            ? "is nested too deeply, or has too long a number, name or text"
            : "is not JSON";
    return problem + place(e.getLocation());
  }

  /**
   * Returns where that is, to stand behind what is wrong; an empty text if it is not known.
   *
   * @param at {@code null} if Jackson does not say it, as of what exceeds its limits
   */
  public static String place(@Nullable TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
