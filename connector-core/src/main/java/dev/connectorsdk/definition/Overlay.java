package dev.connectorsdk.definition;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.WholeFile;
import dev.connectorsdk.internal.definition.document.CorrectionRules;
import dev.connectorsdk.internal.definition.document.Corrections;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.operation.Operations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Corrections of a definition that a host makes without editing it, read from a file or made by
 * code. Immutable: each method that changes something returns a copy.
 *
 * <pre>{@code
 * LoadOptions options = LoadOptions.standard().overlay(Overlay.load(Path.of("desk.overlay.json")));
 * Definition desk = Definition.load(Path.of("connectors/desk"), ConnectorId.of("desk"), options);
 * }</pre>
 *
 * <p>Every member of the file may be left out:
 *
 * <pre>{@code
 * {
 *   "title": "Desk",
 *   "description": "Tickets of all teams.",
 *   "baseUrl": "https://eu.desk.example/api",
 *   "fileHosts": [ "*.files.example" ],
 *   "issuer": "https://id.desk.example",
 *   "refusedBy": [ { "status": 419 }, { "status": 200, "place": "/ok", "values": [ "false" ] } ],
 *   "test": { "operation": "ListTeams", "input": { "archived": false } },
 *   "operations": {
 *     "FindPeople": {
 *       "title": "Find people",
 *       "description": "Looks for people by their team.",
 *       "effect": "READ",
 *       "visibility": "normal"
 *     },
 *     "ListTeams": { "defaults": { "archived": true } },
 *     "BeginUpload": { "waits": false },
 *     "OpenTicket": { "disabled": "tickets are opened on the phone" }
 *   }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@code baseUrl} replaces scheme, host and base path, and every policy that sets the host:
 *       all operations go there.
 *   <li>{@code fileHosts} are the hosts that keep the service's files, as {@link
 *       dev.connectorsdk.api.Connector#fileHosts} has them. A definition of one's own can list them
 *       itself, as {@code x-file-hosts} at the root of its document.
 *   <li>{@code issuer} is who issues the tokens of sign-ins. Definitions do not say it, and
 *       {@linkplain dev.connectorsdk.api.auth.ClientRegistration#withKey clients with a key} need
 *       it.
 *   <li>{@code refusedBy} lists the answers by which the service refuses a credential, besides 401:
 *       {@link AuthOption#refusedBy(int, String, String...)} says what they are. It counts for all
 *       of the definition's ways to authenticate.
 *   <li>{@code test} says how to test a connection; {@code null} says that there is no test.
 *   <li>{@code effect} is a name of {@link Effect}, and replaces what follows from the HTTP method:
 *       for people, agents and the audit, and for retries of a POST, PUT, PATCH or DELETE. A GET is
 *       repeated whatever its effect; where one changes something each time, only {@link
 *       dev.connectorsdk.http.HttpLimits#withMaxAttempts} keeps it from being sent again, for all
 *       calls of the runtime.
 *   <li>{@code visibility} is {@code normal}, {@code important}, {@code advanced} or {@code
 *       internal}.
 *   <li>{@code defaults} are sent for parameters that the caller leaves out; bodies have none.
 *   <li>{@code waits} says whether an answer 202 with a Location means that work goes on there, so
 *       that a call waits for its end. It does unless the definition has {@code chunkTransfer},
 *       where the Location is only where an upload is continued.
 *   <li>{@code disabled} says why an operation must not be used. The operation stays in the list,
 *       throws {@link dev.connectorsdk.api.error.OperationUnsupportedException}, and is not used
 *       for choices and tests either.
 * </ul>
 *
 * <p>Anything else in the file, and an operation or parameter that the definition does not have, is
 * a {@link DefinitionException} with the file and the place, so that no correction is without
 * effect unnoticed. The list of a {@link DefinitionCatalogue} is not corrected.
 */
public final class Overlay {

  private static final int LIMIT = 1024 * 1024;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(50).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final String OF_TEXT = "overlay";
  private static final Overlay NONE = new Overlay(OF_TEXT, JSON.objectNode());

  private final Corrections corrections;

  private Overlay(String file, ObjectNode root) {
    this.corrections = new Corrections(file, root);
  }

  /** Returns whether there are no corrections. */
  boolean isNone() {
    return corrections.root().isEmpty();
  }

  /** Returns an overlay without corrections. */
  public static Overlay none() {
    return NONE;
  }

  /**
   * Reads a file of at most 1 MiB.
   *
   * @throws DefinitionException if it cannot be read, is no JSON, or has an unknown member
   */
  public static Overlay load(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      byte[] bytes = WholeFile.read(file, LIMIT);
      if (bytes.length > LIMIT) {
        throw tooLarge(name);
      }
      return read(name, bytes);
    } catch (IOException e) {
      throw new DefinitionException(name, 0, 0, "cannot be read");
    }
  }

  /**
   * Reads the text of an overlay.
   *
   * @throws DefinitionException as {@link #load} does
   */
  static Overlay of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LIMIT) {
      throw tooLarge(OF_TEXT);
    }
    return read(OF_TEXT, bytes);
  }

  private static DefinitionException tooLarge(String name) {
    return new DefinitionException(name, 0, 0, "is larger than 1 MiB");
  }

  private static Overlay read(String name, byte[] bytes) {
    JsonNode root;
    try {
      root = STRICT.readTree(bytes);
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      throw new DefinitionException(
          name, Math.max(line, 0), Math.max(column, 0), "is not JSON, or names a member twice");
    } catch (NumberFormatException e) { // Jackson lets it through.
      throw new DefinitionException(name, 0, 0, "has a number whose exponent is out of range");
    }
    CorrectionRules.check(name, root);
    return new Overlay(name, (ObjectNode) root);
  }

  private Overlay with(Consumer<ObjectNode> change) {
    ObjectNode copy = corrections.root().deepCopy();
    change.accept(copy);
    CorrectionRules.check(corrections.file(), copy);
    return new Overlay(corrections.file(), copy);
  }

  private Overlay with(String operation, Consumer<ObjectNode> change) {
    return with(copy -> change.accept(child(child(copy, "operations"), operation)));
  }

  private static ObjectNode child(ObjectNode parent, String name) {
    return parent.get(name) instanceof ObjectNode there ? there : parent.putObject(name);
  }

  /** Returns a copy with the connector's title. */
  public Overlay title(String title) {
    return with(copy -> copy.put("title", title));
  }

  /** Returns a copy with the connector's description. */
  public Overlay description(String description) {
    return with(copy -> copy.put("description", description));
  }

  /**
   * Returns a copy whose connections go to this URL, whatever the definition's policies say.
   *
   * @param url absolute, http or https, without user, query and fragment
   * @throws DefinitionException if it is something else
   */
  public Overlay baseUrl(String url) {
    return with(copy -> copy.put("baseUrl", url));
  }

  /**
   * Returns a copy with one more host that keeps the service's files; see {@link
   * dev.connectorsdk.api.Connector#fileHosts}.
   *
   * @throws DefinitionException if it is neither a host name nor {@code *.} with a domain
   */
  public Overlay fileHost(String host) {
    return with(copy -> copy.withArray("fileHosts").add(host));
  }

  /**
   * Returns a copy that says who issues the tokens of sign-ins.
   *
   * @param issuer absolute, https, without query and fragment
   * @throws DefinitionException if it is something else
   */
  public Overlay issuer(String issuer) {
    return with(copy -> copy.put("issuer", issuer));
  }

  /**
   * Returns a copy with one more status by which the service refuses a credential; see {@link
   * AuthOption#refusedBy(int)}.
   *
   * @throws DefinitionException if it is no status, or that of a success
   */
  public Overlay refusedBy(int status) {
    return with(copy -> copy.withArray("refusedBy").addObject().put("status", status));
  }

  /**
   * Returns a copy with one more answer by which the service refuses a credential; see {@link
   * AuthOption#refusedBy(int, String, String...)}.
   *
   * @throws DefinitionException if it is no status, or the place is none
   */
  public Overlay refusedBy(int status, String place, String... values) {
    return with(
        copy -> {
          ObjectNode answer = copy.withArray("refusedBy").addObject();
          answer.put("status", status).put("place", place);
          Arrays.stream(values).forEach(answer.putArray("values")::add);
        });
  }

  /** Returns a copy that tests connections by calling an operation, which has to be a GET. */
  public Overlay test(String operation, Map<String, ?> input) {
    return with(
        copy -> {
          ObjectNode test = copy.putObject("test");
          test.put("operation", operation);
          test.set("input", STRICT.valueToTree(input));
        });
  }

  /** Returns a copy that does not test connections. */
  public Overlay withoutTest() {
    return with(copy -> copy.putNull("test"));
  }

  /** Returns a copy with the effect of an operation, which changes no retries of a GET. */
  public Overlay effect(String operation, Effect effect) {
    return with(operation, own -> own.put("effect", effect.name()));
  }

  /** Returns a copy with an operation's title. */
  public Overlay title(String operation, String title) {
    return with(operation, own -> own.put("title", title));
  }

  /** Returns a copy with an operation's description. */
  public Overlay description(String operation, String description) {
    return with(operation, own -> own.put("description", description));
  }

  /** Returns a copy that offers an operation to people, or hides it from them. */
  public Overlay internal(String operation, boolean internal) {
    return with(operation, own -> own.put("visibility", internal ? "internal" : "normal"));
  }

  /** Returns a copy with what is sent for a parameter that the caller leaves out. */
  public Overlay defaultValue(String operation, String parameter, Object value) {
    return with(operation, own -> child(own, "defaults").set(parameter, STRICT.valueToTree(value)));
  }

  /**
   * Returns a copy that says whether an answer 202 with a Location means that the work of an
   * operation goes on there, and a call waits for its end.
   */
  public Overlay waits(String operation, boolean waits) {
    return with(operation, own -> own.put("waits", waits));
  }

  /** Returns a copy in which an operation cannot be used, with the reason. */
  public Overlay disabled(String operation, String reason) {
    Objects.requireNonNull(reason, "reason");
    return with(operation, own -> own.put("disabled", reason));
  }

  /** Returns the text of the file. */
  public String toJson() {
    return corrections.root().toPrettyString();
  }

  Corrections corrections() {
    return corrections;
  }

  /**
   * Returns a way to authenticate with who issues its tokens and how it is refused; itself if
   * nothing changes.
   */
  AuthOption applied(AuthOption option) {
    return corrections.refusing(issued(option));
  }

  private AuthOption issued(AuthOption option) {
    String issuer = corrections.issuer();
    return issuer != null && option.scheme() instanceof OAuth2Scheme scheme
        ? option.with(scheme.issuedBy(issuer))
        : option;
  }

  /**
   * Makes sure that there is something to correct.
   *
   * @throws DefinitionException if the definition has no such operation or parameter
   */
  void check(Operations operations) {
    JsonNode corrected = corrections.root().path("operations");
    for (Map.Entry<String, JsonNode> entry : corrected.properties()) {
      String pointer = JsonPointers.child("/operations", entry.getKey());
      Operation operation = operation(entry.getKey(), pointer, operations);
      for (String parameter : entry.getValue().path("defaults").propertyNames()) {
        if (operation.parameters().stream()
            .noneMatch(p -> p.name().equals(parameter) && !p.isBody())) {
          throw CorrectionRules.wrong(
              corrections.file(),
              JsonPointers.child(pointer + "/defaults", parameter),
              "is no parameter of the operation, or is its body");
        }
      }
    }
    String test = corrections.testOperation();
    if (test != null) {
      operation(test, "/test/operation", operations);
    }
  }

  private Operation operation(String id, String pointer, Operations operations) {
    Operation found = operations.find(id);
    if (found == null || !found.id().equals(id)) {
      throw CorrectionRules.wrong(
          corrections.file(),
          pointer,
          "is no operation of the definition"
              + (found == null ? "" : "; it has '" + found.id() + "'"));
    }
    return found;
  }

  /** Returns the name of the file. */
  @Override
  public String toString() {
    return corrections.file();
  }
}
