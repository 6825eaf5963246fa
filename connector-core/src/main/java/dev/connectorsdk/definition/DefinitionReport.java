package dev.connectorsdk.definition;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.webhook.Signature;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a definition can be used: every way to authenticate and every operation, and for each
 * whether it is supported or why not. No operation of the definition is left out.
 *
 * @param connector the id under which the definition was loaded
 * @param title the name that the definition gives itself
 * @param baseUrl the URL that the operations' paths belong to
 * @param authOptions the ways to authenticate, in the order of the connector's options
 * @param operations all operations, in the order of the file
 * @param reach where each way to authenticate, by its id, sends credentials, and how: the service,
 *     the hosts that policies name, its kind and the URLs of its own. Whoever installs another
 *     version in which one of these differs should confirm it
 * @param warnings what is unusual in the files, and how it was read
 */
public record DefinitionReport(
    ConnectorId connector,
    String title,
    String baseUrl,
    List<Auth> authOptions,
    List<Operation> operations,
    Map<String, String> reach,
    List<Warning> warnings) {

  public DefinitionReport {
    Objects.requireNonNull(connector, "connector");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(baseUrl, "baseUrl");
    authOptions = List.copyOf(authOptions);
    operations = List.copyOf(operations);
    reach = Collections.unmodifiableMap(new LinkedHashMap<>(reach));
    warnings = List.copyOf(warnings);
  }

  /** Returns the operation with this id. */
  public Optional<Operation> operation(String id) {
    return operations.stream().filter(o -> o.id().equals(id)).findFirst();
  }

  /** Returns the way to authenticate with this id. */
  public Optional<Auth> authOption(String id) {
    return authOptions.stream().filter(o -> o.id().equals(id)).findFirst();
  }

  /**
   * One way to authenticate.
   *
   * @param id the id of the {@link dev.connectorsdk.api.AuthOption}
   * @param title the label that a form shows
   * @param limitation what the definition asks for and the option does not do, or {@code null} if
   *     the option does everything
   * @param shareable whether the definition lets connections made this way be shared
   * @param weaknesses what makes it weaker than it could be, such as a sign-in without PKCE; see
   *     {@link dev.connectorsdk.api.auth.AuthScheme#weaknesses}
   */
  public record Auth(
      String id,
      String title,
      @Nullable String limitation,
      boolean shareable,
      List<String> weaknesses) {

    public Auth {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(title, "title");
      weaknesses = List.copyOf(weaknesses);
    }

    /** Returns whether the option does less than the definition asks for. */
    public boolean isLimited() {
      return limitation != null;
    }
  }

  /**
   * One operation.
   *
   * @param id the {@code operationId}
   * @param method the HTTP method in upper case
   * @param path the path template
   * @param trigger what kind of trigger it is, or {@code null} if it is an action
   * @param obstacles why it cannot be called, each as a clause; empty if it can
   * @param hostOfCaller the template of the URL that requests go to, as a policy has it, if the
   *     input of a call chooses the host; {@code null} if it does not. Calls to a host that {@link
   *     LoadOptions#allowingHost} does not allow are then refused, unless it is among the
   *     connection's own or the definition offers it
   */
  public record Operation(
      String id,
      String method,
      String path,
      @Nullable Trigger trigger,
      List<String> obstacles,
      @Nullable String hostOfCaller) {

    public Operation {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(path, "path");
      obstacles = List.copyOf(obstacles);
    }

    /** Returns whether the operation can be called. */
    public boolean isSupported() {
      return obstacles.isEmpty();
    }

    /** Returns whether the operation is a trigger, and not an action. */
    public boolean isTrigger() {
      return trigger != null;
    }
  }

  /**
   * What kind of trigger an operation is.
   *
   * @param kind how it learns of events
   * @param batch whether one delivery may hold several events
   * @param signature with which the host has said that the deliveries of a webhook are signed, or
   *     {@code null}: then they are protected by the callback URL alone
   */
  public record Trigger(TriggerKind kind, boolean batch, @Nullable Signature signature) {

    public Trigger {
      Objects.requireNonNull(kind, "kind");
    }

    /**
     * Returns what makes it weaker than it could be. Definitions cannot say how the deliveries of a
     * webhook are signed; {@link LoadOptions#signature} and its neighbours can.
     */
    public List<String> weaknesses() {
      if (kind != TriggerKind.WEBHOOK) {
        return List.of();
      }
      if (signature == null || signature.isUnsigned()) {
        return List.of(
            "deliveries are not signed: they are protected by the callback URL alone, and whoever"
                + " knows it can invent events");
      }
      return signature.stopsReplays()
          ? List.of()
          : List.of(
              "the signature does not cover what repetitions are recognised by: whoever gets hold"
                  + " of a delivery can have it handled again");
    }
  }

  /** How a trigger learns of events. */
  public enum TriggerKind {
    /** The service calls back. */
    WEBHOOK,
    /** The runtime asks for a list, and compares it with the previous one. */
    POLLING,
    /** The runtime asks; the service knows what it has returned before: 202 and Location. */
    SERVICE_POLLING
  }

  /**
   * Something unusual in a file.
   *
   * @param file the name of the file
   * @param pointer JSON pointer of the place, empty for the file as a whole
   * @param message what is unusual, and how it was read
   */
  public record Warning(String file, String pointer, String message) {

    public Warning {
      Objects.requireNonNull(file, "file");
      Objects.requireNonNull(pointer, "pointer");
      Objects.requireNonNull(message, "message");
    }

    @Override
    public String toString() {
      return file + "#" + pointer + ": " + message;
    }
  }
}
