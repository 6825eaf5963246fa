package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a preview adds to its items: what is worth knowing, and what has to be confirmed. */
final class Remarks {

  private final PrivilegedAccounts accounts;
  private final List<String> information = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * An item of a preview.
   *
   * @param bound the connection that it shows, or {@code null} if there is none
   */
  record Seen(Item item, @Nullable Connection bound) {}

  Remarks(PrivilegedAccounts accounts) {
    this.accounts = accounts;
  }

  List<String> information() {
    return information;
  }

  List<String> warnings() {
    return warnings;
  }

  /** Adds what there is to say of these connections, where others get to use them. */
  Remarks on(List<Seen> seen) {
    seen.forEach(this::on);
    return this;
  }

  private void on(Seen seen) {
    Item item = seen.item();
    Connection bound = seen.bound();
    boolean isUsed = item.treatment() == Treatment.SHARED || item.treatment() == Treatment.WAITING;
    if (bound != null && isUsed) {
      onUse(item.reference().displayName(), bound);
    }
  }

  /** Adds what there is to say of a connection that others get to use. */
  void onUse(String reference, Connection connection) {
    if (!accounts.include(connection)) {
      return;
    }
    String privileged =
        reference + ": " + Disclosure.names(connection) + " is of a privileged account";
    if (accounts.isSensitive(connection)) {
      warnings.add(
          privileged + ", on connector '" + connection.connector() + "', which is sensitive.");
    } else {
      information.add(privileged + ".");
    }
  }

  /**
   * Returns that somebody has to confirm first what an act means.
   *
   * @param act what that is, after "to"
   * @param methods of References, after "preview" and "confirm"
   */
  static ResolutionException.Denied unconfirmed(
      ConnectionReference reference, Caller caller, String act, String methods) {
    return new ResolutionException.Denied(
        reference,
        caller,
        "the connection is of a privileged account on a sensitive connector, so what it means to "
            + act
            + " has to be confirmed.",
        "Show what References.preview"
            + methods
            + " returns, and hand it back to confirm"
            + methods
            + ".");
  }

  /** Adds that a flow gets to call more. */
  void onNewOperations(String reference, Set<String> operations) {
    information.add(
        operations.isEmpty()
            ? "New reference: " + reference + "."
            : "New under " + reference + ": " + String.join(", ", new TreeSet<>(operations)) + ".");
  }
}
