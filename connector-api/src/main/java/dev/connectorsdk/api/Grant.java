package dev.connectorsdk.api;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * That somebody may do something with what is another's: with a connection, or with an embedded
 * reference.
 *
 * <p>It names who granted it, and ends for good with that one's right to grant it.
 *
 * @param grantee who may; a group stands for its members
 * @param right what the grantee may do
 * @param grantor who has granted it
 * @param until the moment from which it no longer holds, or {@code null} if it has no end
 */
public record Grant(Principal grantee, Right right, Principal grantor, @Nullable Instant until) {

  /** What somebody may do with a connection. Each right but the first holds those before it. */
  public enum Right {
    /**
     * Nothing, whatever is granted to groups of which the grantee is a member; of a group: nothing
     * for its members, unless something is granted to one of them by name. It has no end, and stays
     * until it is taken back.
     */
    NONE,
    /** Bind it to own references, in the connection's environment. */
    USE,
    /** Read its parameters, test it and replace its values; never read a secret. */
    MANAGE,
    /** Grant rights on it and delete it. */
    OWN
  }

  public Grant {
    Objects.requireNonNull(right, "right");
    Objects.requireNonNull(grantor, "grantor");
    if (grantee.kind() == Principal.Kind.FLOW) {
      throw new IllegalArgumentException(
          "Nothing is granted to " + grantee + ": name who owns the flow");
    }
  }
}
