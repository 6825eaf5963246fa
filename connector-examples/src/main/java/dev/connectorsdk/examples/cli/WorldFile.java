package dev.connectorsdk.examples.cli;

import com.fasterxml.jackson.annotation.Nulls;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Flows and connections as a file describes them.
 *
 * @param environment where all of it is; {@code null} for the default one
 */
record WorldFile(
    @Nullable String environment,
    @Nullable Map<String, FlowEntry> flows,
    @Nullable Map<String, ConnectionEntry> connections) {

  private static final int LARGEST = 5 * 1024 * 1024;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
          .build();

  /**
   * Reads a file.
   *
   * @throws UsageException naming the first place that is wrong
   */
  static WorldFile read(Path file) {
    try {
      WorldFile read = MAPPER.readValue(InputFile.read(file, LARGEST), WorldFile.class);
      return read == null ? new WorldFile(null, null, null) : read;
    } catch (JacksonException e) {
      throw new UsageException(file + " does not describe flows and connections: " + problem(e));
    }
  }

  private static String problem(JacksonException e) {
    if (e instanceof StreamReadException) {
      return "is not JSON at line "
          + e.getLocation().getLineNr()
          + ", column "
          + e.getLocation().getColumnNr();
    }
    String place =
        e.getPath().stream()
            .map(
                step ->
                    "/"
                        + (step.getPropertyName() == null
                            ? step.getIndex()
                            : step.getPropertyName()))
            .collect(Collectors.joining("", "", " "));
    return place.stripLeading() + misfit(e);
  }

  private static String misfit(JacksonException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "is not known; there are " + unknown.getKnownPropertyIds();
    }
    if (e instanceof InvalidNullException) {
      return "must not be null";
    }
    return e instanceof MismatchedInputException mismatched
        ? "must be " + expected(mismatched.getTargetType())
        : "cannot be read";
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "something else";
    }
    if (type.isEnum()) {
      return "one of " + Arrays.toString(type.getEnumConstants());
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    return Collection.class.isAssignableFrom(type) ? "an array" : "an object";
  }

  record FlowEntry(
      Flow.@Nullable Kind kind,
      @Nullable String owner,
      @Nullable List<String> coOwners,
      @Nullable List<String> users,
      @Nullable Map<String, ReferenceEntry> references) {

    Flow toFlow(String id) {
      Principal whose = Principal.parse(required(owner, "flow '" + id + "' has no owner"));
      Flow flow = (kind == Flow.Kind.APP ? Flow.app(id, whose) : Flow.of(id, whose));
      flow = flow.coOwnedBy(principals(coOwners)).runnableBy(principals(users));
      for (Map.Entry<String, ReferenceEntry> entry : orEmpty(references).entrySet()) {
        ReferenceEntry reference = entry.getValue();
        flow =
            flow.calling(
                reference.toReference(entry.getKey()),
                orEmpty(reference.operations).toArray(String[]::new));
      }
      return flow;
    }

    private static Principal[] principals(@Nullable List<String> names) {
      return orEmpty(names).stream().map(Principal::parse).toArray(Principal[]::new);
    }
  }

  record ReferenceEntry(
      @Nullable String connector,
      @Nullable Source source,
      @Nullable List<String> operations,
      @Nullable String connection,
      boolean usersBringOwn) {

    ConnectionReference toReference(String name) {
      String of = required(connector, "reference '" + name + "' has no connector");
      return source == Source.INVOKER
          ? ConnectionReference.invoker(name, of)
          : ConnectionReference.embedded(name, of);
    }
  }

  record ConnectionEntry(
      @Nullable String connector,
      @Nullable String owner,
      @Nullable String auth,
      @Nullable String account,
      boolean privileged) {

    /**
     * @param connectors those whose definitions are there
     */
    StoredConnection toRow(
        ConnectionId id, String name, Environment environment, Collection<Connector> connectors) {
      String of = required(connector, "connection '" + name + "' has no connector");
      String whose = required(owner, "connection '" + name + "' has no owner");
      Instant now = Instant.EPOCH;
      var access = StoredConnection.Access.of(ConnectionStatus.connected(now));
      return new StoredConnection(
          new StoredConnection.Identity(
              id, ConnectorId.of(of), environment, Principal.parse(whose)),
          new StoredConnection.Settings(name, auth(connectors), "{}", null),
          account == null ? access : access.withAccount(Account.of(account)),
          StoredConnection.Revision.first(now));
    }

    /** Unless it is said, the first that the connector offers. */
    private String auth(Collection<Connector> connectors) {
      return auth == null
          ? connectors.stream()
              .filter(one -> one.id().value().equals(connector))
              .flatMap(one -> one.authOptions().stream())
              .map(AuthOption::id)
              .findFirst()
              .orElse("unknown")
          : auth;
    }
  }

  private static String required(@Nullable String value, String problem) {
    if (value == null) {
      throw new UsageException(problem);
    }
    return value;
  }

  static <T> List<T> orEmpty(@Nullable List<T> some) {
    return some == null ? List.of() : some;
  }

  static <T> Map<String, T> orEmpty(@Nullable Map<String, T> some) {
    return some == null ? Map.of() : some;
  }
}
