package dev.connectorsdk.reference;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the run-only users of a flow or an app get under each reference that it declares. It may be
 * shown to the owner or co-owner whom it was made for.
 *
 * @param flow the id of the flow or app
 * @param environment where
 * @param references what they get, in the order of the declared references
 */
public record SharePreview(String flow, Environment environment, List<Item> references) {

  /** What they get under one reference. */
  public enum Treatment {
    /** They use the connection that the flow uses; of an app, once its owner has confirmed it. */
    SHARED,
    /** They would use it, and bring own connections until its owner has confirmed that. */
    WAITING,
    /** Each brings an own connection. */
    BRING_OWN
  }

  /**
   * What they get under one reference.
   *
   * @param connection the connection that the flow uses, or {@code null} if there is none
   * @param why the reason, as a sentence for people
   * @param operations what alone they can call with a shared connection; empty if all
   */
  public record Item(
      ConnectionReference reference,
      Treatment treatment,
      @Nullable UsedConnection connection,
      String why,
      List<String> operations) {

    public Item {
      operations = List.copyOf(operations);
    }

    private String text() {
      UsedConnection used = connection;
      String account =
          used == null || used.account() == null ? "" : " (" + used.account().label() + ")";
      String name = used == null ? "" : " '" + used.displayName() + "'" + account;
      String gets =
          switch (treatment) {
            case SHARED -> "users use" + name;
            case WAITING ->
                "users bring an own connection, until it is confirmed that they use" + name;
            case BRING_OWN -> "each user brings an own connection";
          };
      String limits =
          operations.isEmpty() ? "" : " Operations: " + String.join(", ", operations) + ".";
      return reference.displayName()
          + ", connector "
          + reference.connector()
          + ": "
          + gets
          + ". "
          + why
          + limits;
    }
  }

  public SharePreview {
    references = List.copyOf(references);
  }

  /** Returns all of it as text for people, a line for each reference. */
  public String text() {
    StringBuilder text =
        new StringBuilder("Sharing ").append(flow).append(" in ").append(environment).append('\n');
    references.forEach(item -> text.append("  ").append(item.text()).append('\n'));
    return text.toString();
  }
}
