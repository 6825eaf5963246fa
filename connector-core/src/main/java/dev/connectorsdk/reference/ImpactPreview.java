package dev.connectorsdk.reference;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an act would bring about that lets others use connections: before an app is shared, a
 * co-owner added, or a reference bound. It is made without writing anything, and may be shown to
 * the caller whom it was made for.
 *
 * @param act what is about to be done, in words
 * @param flows the ids of the flows and apps that it changes and that the caller may change, in
 *     order
 * @param otherFlows how many others it changes, as far as the runtime knows flows
 * @param references what users get under each reference
 * @param users what each of those gets whom it is about, in order; a group stands for its members
 * @param information what is worth knowing, one sentence each
 * @param warnings what has to be confirmed, one sentence each: that users get to use an account
 *     which the host calls privileged, on a sensitive connector
 */
public record ImpactPreview(
    String act,
    List<String> flows,
    int otherFlows,
    List<Item> references,
    List<User> users,
    List<String> information,
    List<String> warnings) {

  public ImpactPreview {
    flows = List.copyOf(flows);
    references = List.copyOf(references);
    users = List.copyOf(users);
    information = List.copyOf(information);
    warnings = List.copyOf(warnings);
  }

  /** What users get under one reference. */
  public enum Treatment {
    /** They use the connection that the flow uses; of an app, once its owner has confirmed it. */
    SHARED,
    /** They would use it, and bring own connections until its owner has confirmed that. */
    WAITING,
    /** Each brings an own connection. */
    BRING_OWN,
    /** Nothing, until an owner of the flow has mended what the reason says. */
    NOTHING
  }

  /**
   * What users get under one reference.
   *
   * @param connection the connection that the flow uses, or would use, or {@code null} if there is
   *     none
   * @param why the reason, as a sentence for people
   * @param operations what alone they can call with a shared connection; empty if all
   * @param choices the first 100 connections that the caller may bind the reference to, and what is
   *     in the way of some; empty if the caller may not bind it
   */
  public record Item(
      ConnectionReference reference,
      Treatment treatment,
      @Nullable UsedConnection connection,
      String why,
      List<String> operations,
      List<Candidate> choices) {

    public Item {
      operations = List.copyOf(operations);
      choices = List.copyOf(choices);
    }

    private void write(StringBuilder text) {
      text.append("  ")
          .append(reference.displayName())
          .append(", connector ")
          .append(reference.connector())
          .append(": ")
          .append(gets())
          .append(". ")
          .append(why);
      if (!operations.isEmpty()) {
        text.append(" Operations: ").append(String.join(", ", operations)).append('.');
      }
      text.append('\n');
      choices.stream()
          .filter(choice -> !isShown(choice))
          .forEach(choice -> text.append("    choice: ").append(choice.verdict()).append('\n'));
    }

    private boolean isShown(Candidate choice) {
      return connection != null && Objects.equals(choice.connection(), connection.id());
    }

    private String gets() {
      return switch (treatment) {
        case SHARED -> "users use" + names();
        case WAITING ->
            "users bring an own connection, until it is confirmed that they use" + names();
        case BRING_OWN -> "each user brings an own connection";
        case NOTHING -> "users get nothing";
      };
    }

    private String names() {
      return connection == null ? "" : " " + connection.names();
    }
  }

  /**
   * What somebody gets.
   *
   * @param gains the logical names of the references whose connections the user gets to use, in the
   *     order of the references
   * @param brings the logical names of those for which the user needs an own connection, which may
   *     be there already
   */
  public record User(Principal user, List<String> gains, List<String> brings) {

    public User {
      gains = List.copyOf(gains);
      brings = List.copyOf(brings);
    }

    private String text() {
      String gained = gains.isEmpty() ? "gains nothing" : "gains " + String.join(", ", gains);
      return "  "
          + user
          + " "
          + gained
          + (brings.isEmpty() ? "" : "; needs an own connection for " + String.join(", ", brings))
          + "\n";
    }
  }

  /** Returns all of it as text for people, a line for each reference, user and remark. */
  public String text() {
    StringBuilder text = new StringBuilder(act).append('\n');
    if (otherFlows > 0) {
      text.append("  Flows of others that change too: ").append(otherFlows).append('\n');
    }
    references.forEach(item -> item.write(text));
    users.forEach(user -> text.append(user.text()));
    information.forEach(one -> text.append("  Note: ").append(one).append('\n'));
    warnings.forEach(one -> text.append("  Warning, to be confirmed: ").append(one).append('\n'));
    return text.toString();
  }
}
