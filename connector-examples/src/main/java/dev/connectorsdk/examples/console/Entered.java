package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery.Place;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what was entered in a field or stands in an address, and says what is wrong with it. */
final class Entered {

  static final String PRINCIPAL = "Write it like user:ada, service:reports or group:team.";
  static final String CONNECTOR = "This is no id of a connector.";

  private Entered() {}

  static Optional<Principal> principal(Optional<String> text) {
    return read(text, Principal::parse);
  }

  static Optional<Environment> environment(Optional<String> text) {
    return read(text, Environment::of);
  }

  static Optional<ConnectorId> connector(Optional<String> text) {
    return read(text, ConnectorId::of);
  }

  static Optional<ConnectionId> connection(Optional<String> text) {
    return read(text, ConnectionId::of);
  }

  /**
   * Returns the id of a connection that an address names.
   *
   * @throws NotFoundException if no connection can have it
   */
  static ConnectionId connection(String text) {
    return connection(Optional.of(text))
        .orElseThrow(() -> new NotFoundException("connection", text, "The address is wrong."));
  }

  /**
   * Returns the id of a connector that an address names.
   *
   * @throws NotFoundException if no connector can have it
   */
  static ConnectorId connector(String text) {
    return connector(Optional.of(text))
        .orElseThrow(() -> new NotFoundException("connector", text, "The address is wrong."));
  }

  static Optional<Instant> instant(Optional<String> text) {
    return read(text, Instant::parse);
  }

  static Optional<State> state(Optional<String> text) {
    return text.flatMap(
        name -> Stream.of(State.values()).filter(one -> one.name().equals(name)).findFirst());
  }

  private static <T> Optional<T> read(Optional<String> text, Function<String, T> reader) {
    try {
      return text.map(String::strip).map(reader);
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Returns what is wrong if something was entered that could not be read; else {@code null}. */
  static @Nullable String fault(Optional<String> text, Optional<?> read, String wrong) {
    return text.isPresent() && read.isEmpty() ? wrong : null;
  }

  /** Returns where the page after a connection begins, as {@link #place(String)} reads it. */
  static String place(Connection last) {
    return last.createdAt() + " " + last.connector() + " " + last.id() + " " + last.owner();
  }

  /**
   * Reads where a page begins.
   *
   * @throws Refusal if it is no such place
   */
  static Place place(String text) throws Refusal {
    String[] parts = text.split(" ", 4);
    try {
      return new Place(
          Instant.parse(parts[0]),
          Principal.parse(parts[3]),
          ConnectorId.of(parts[1]),
          ConnectionId.of(parts[2]));
    } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
      throw new Refusal(400, "The list does not have this page. Begin with its first page.");
    }
  }
}
