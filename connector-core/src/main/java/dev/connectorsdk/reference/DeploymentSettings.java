package dev.connectorsdk.reference;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.ByteOrderMark;
import dev.connectorsdk.api.internal.NotJson;
import dev.connectorsdk.api.internal.WholeFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which connection each reference stands for in one environment, as a file: the deployment settings
 * file of Power Platform. The same work moves to another environment by changing this file only.
 *
 * <pre>{@code
 * { "ConnectionReferences": [
 *     { "LogicalName": "crm", "ConnectionId": "0f3e...", "ConnectorId": "tickets" } ] }
 * }</pre>
 *
 * <p>A connector may also be named as {@code /providers/Microsoft.PowerApps/apis/shared_tickets}.
 * The section {@code EnvironmentVariables} is ignored. The file holds no secret.
 *
 * @param connectionReferences in the order of the file, each logical name once
 */
public record DeploymentSettings(List<Binding> connectionReferences) {

  private static final int MAX_FILE_BYTES = 5 * 1024 * 1024;

  /**
   * One entry.
   *
   * @param logicalName of the reference
   * @param connectionId the connection in this environment; empty leaves the reference as it is
   * @param connectorId the connector, as its id or in the long form
   */
  public record Binding(String logicalName, String connectionId, String connectorId) {

    public Binding {
      Objects.requireNonNull(logicalName, "logicalName");
      Objects.requireNonNull(connectionId, "connectionId");
      Objects.requireNonNull(connectorId, "connectorId");
    }

    /** Returns whether {@link #connectorId}, short or long, stands for this connector. */
    public boolean isFor(ConnectorId connector) {
      String last = connectorId.substring(connectorId.lastIndexOf('/') + 1);
      return last.equalsIgnoreCase(connector.value())
          || last.equalsIgnoreCase("shared_" + connector.value());
    }
  }

  public DeploymentSettings {
    connectionReferences = List.copyOf(connectionReferences);
  }

  /**
   * Reads a settings file.
   *
   * @throws IOException if the file cannot be read
   * @throws InvalidInputException if it is not a settings file, naming every fault
   */
  public static DeploymentSettings load(Path file) throws IOException {
    byte[] content = WholeFile.read(file, MAX_FILE_BYTES);
    if (content.length > MAX_FILE_BYTES) {
      throw invalid(file.toString(), List.of(new Fault("", "is larger than 5 MiB")));
    }
    String name = file.getFileName().toString();
    try {
      return parse(name, ByteOrderMark.strictlyRemovedFrom(content));
    } catch (CharacterCodingException e) {
      throw invalid(name, List.of(new Fault("", "is not text in UTF-8")));
    }
  }

  /**
   * Reads the text of a settings file.
   *
   * @param name for messages
   * @throws InvalidInputException if it is not a settings file, naming every fault
   */
  public static DeploymentSettings parse(String name, String json) {
    JsonNode root;
    try {
      root = mapper().readTree(ByteOrderMark.removedFrom(json));
    } catch (JacksonException e) {
      throw invalid(name, List.of(new Fault("", NotJson.problem(e))));
    }
    List<Fault> faults = new ArrayList<>();
    List<Binding> bindings = new ArrayList<>();
    Set<String> names = new HashSet<>();
    JsonNode entries = root.path("ConnectionReferences");
    if (!entries.isArray()) {
      faults.add(new Fault("/ConnectionReferences", "must be an array"));
    }
    for (int i = 0; entries.isArray() && i < entries.size(); i++) {
      JsonNode entry = entries.get(i);
      String path = "/ConnectionReferences/" + i;
      String logicalName = text(entry, "LogicalName", path, faults);
      String connector = text(entry, "ConnectorId", path, faults);
      String connection = entry.path("ConnectionId").asString("");
      if (!logicalName.isEmpty() && !names.add(logicalName)) {
        faults.add(new Fault(path + "/LogicalName", "occurs twice"));
      }
      bindings.add(new Binding(logicalName, connection, connector));
    }
    if (!faults.isEmpty()) {
      throw invalid(name, faults);
    }
    return new DeploymentSettings(bindings);
  }

  private static String text(JsonNode entry, String key, String path, List<Fault> faults) {
    String value = entry.path(key).isString() ? entry.path(key).asString() : "";
    if (value.isBlank()) {
      faults.add(new Fault(path + "/" + key, "must be a text"));
    }
    return value;
  }

  private static InvalidInputException invalid(String name, List<Fault> faults) {
    return new InvalidInputException("the settings file " + name, faults);
  }

  /**
   * Writes the file in the form that {@link #load} reads. If that fails, an existing file is not
   * changed.
   *
   * @throws IOException if it cannot be written
   */
  public void save(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path draft = Files.createTempFile(folder, "settings", ".tmp");
    try {
      Files.write(draft, toJson().getBytes(StandardCharsets.UTF_8));
      try {
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Returns the text of the file. */
  public String toJson() {
    ObjectNode root = mapper().createObjectNode();
    root.putArray("EnvironmentVariables");
    ArrayNode entries = root.putArray("ConnectionReferences");
    for (Binding binding : connectionReferences) {
      entries
          .addObject()
          .put("LogicalName", binding.logicalName())
          .put("ConnectionId", binding.connectionId())
          .put("ConnectorId", binding.connectorId());
    }
    return mapper().writeValueAsString(root) + "\n";
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  }
}
