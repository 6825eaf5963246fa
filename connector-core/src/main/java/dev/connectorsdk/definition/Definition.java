package dev.connectorsdk.definition;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.definition.DefinitionFiles.Content;
import dev.connectorsdk.definition.DefinitionReport.Warning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A connector that was loaded from a folder with {@code apiDefinition.swagger.json} and {@code
 * apiProperties.json}.
 *
 * <pre>{@code
 * Connector tickets = Definition.load(Path.of("connectors/tickets")).connector();
 * }</pre>
 *
 * <p>Immutable and safe for use by several threads. The files are read once.
 */
public final class Definition {

  private final Connector connector;
  private final DefinitionReport report;

  private Definition(Connector connector, DefinitionReport report) {
    this.connector = connector;
    this.report = report;
  }

  /**
   * Loads a folder. The connector's id is the folder's name, with what an id may not hold replaced
   * by dashes.
   *
   * @throws DefinitionException if a file is missing, too large, too complex, not readable as JSON,
   *     no OpenAPI 2.0 document, or refers to anything outside itself
   */
  public static Definition load(Path directory) {
    return load(directory, LoadOptions.standard());
  }

  /**
   * Loads a folder with what a host application adds to it.
   *
   * @throws DefinitionException see {@link #load(Path)}; also if an overlay does not fit
   */
  public static Definition load(Path directory, LoadOptions options) {
    return load(directory, idOf(directory), options);
  }

  /** Returns the id of a definition that was given none. */
  static ConnectorId idOf(Path directory) {
    return ConnectorId.of(
        DefinitionNames.sanitised(DefinitionFiles.nameOf(directory), "connector"));
  }

  /**
   * Loads a folder under an id of the host's choice.
   *
   * @throws DefinitionException see {@link #load(Path)}
   */
  public static Definition load(Path directory, ConnectorId id) {
    return load(directory, id, LoadOptions.standard());
  }

  /**
   * Loads a folder with what a host application adds to it.
   *
   * @throws DefinitionException see {@link #load(Path)}
   */
  public static Definition load(Path directory, ConnectorId id, LoadOptions options) {
    DefinitionFiles files = DefinitionFiles.in(directory);
    return read(files, files.read(), id, options);
  }

  static Definition read(
      DefinitionFiles files, Content content, ConnectorId id, LoadOptions options) {
    List<Warning> all = new ArrayList<>();
    Warnings swaggerWarnings = new Warnings(files.swaggerName(), all);
    Warnings propertyWarnings = new Warnings(files.propertiesName(), all);
    Overlay overlay = options.overlay();
    JsonNode swagger = overlay.applied(swagger(content.swagger(), swaggerWarnings));
    JsonNode properties = properties(content.properties(), propertyWarnings);

    References references = new References(swagger);
    references.check(swaggerWarnings);
    Schemas schemas = new Schemas(references);
    ServiceUrl serviceUrl = ServiceUrl.of(swagger, swaggerWarnings);
    overlay.check(serviceUrl);
    Policies policies =
        Policies.read(
            properties,
            files.script() != null,
            serviceUrl.url().startsWith("http:"),
            options,
            propertyWarnings);
    AuthReader.Result auth = new AuthReader(swagger, properties, policies, propertyWarnings).read();
    List<Operation> operations =
        new OperationReader(
                swagger, schemas, policies, serviceUrl, auth.injected(), overlay, swaggerWarnings)
            .read();

    Operations model = new Document(swagger, schemas, operations);
    overlay.check(model);
    Triggers triggers = Triggers.of(model, policies, serviceUrl.url(), operations);

    JsonNode info = swagger.path("info");
    String title = textOr(info, "title", id.value());
    Connector.Builder connector =
        Connector.builder(id.value(), serviceUrl.url())
            .titled(title)
            .described(textOr(info, "description", ""))
            .version(textOr(info, "version", "0"));
    auth.common().forEach(connector::parameter);
    auth.options().forEach(option -> connector.auth(overlay.applied(option)));
    List<DefinitionReport.Auth> authReport = new ArrayList<>(auth.report());
    for (AuthOption option : options.authOptions()) {
      connector.auth(option);
      authReport.add(
          new DefinitionReport.Auth(
              option.id(), option.title(), null, true, option.scheme().weaknesses()));
    }
    List<DefinitionReport.Operation> reported = new ArrayList<>();
    for (Operation operation : operations) {
      reported.add(
          new DefinitionReport.Operation(
              operation.id(),
              operation.method(),
              operation.path(),
              operation.trigger(),
              operation.obstacles()));
      DefinitionReport.Trigger trigger = operation.trigger();
      if (trigger == null) {
        connector.action(new DefinitionAction(operation, model));
      } else {
        connector.trigger(triggers.trigger(operation, trigger));
      }
    }
    ConnectionTest test = DefinitionTest.of(swagger, model, swaggerWarnings);
    overlay.checkTest(test != null);
    if (test != null) {
      connector.test(test);
    }
    return new Definition(
        connector.build(),
        new DefinitionReport(id, title, serviceUrl.url(), authReport, reported, all));
  }

  private static JsonNode swagger(byte[] bytes, Warnings warnings) {
    JsonNode swagger = TolerantJson.read(bytes, warnings);
    JsonNode version = swagger.path("swagger");
    if (!"2.0".equals(version.isString() ? version.stringValue().trim() : version.toString())) {
      throw notOpenApi2(warnings.file());
    }
    if (!swagger.path("paths").isObject()) {
      throw withoutPaths(warnings.file());
    }
    return swagger;
  }

  private static JsonNode properties(byte[] bytes, Warnings warnings) {
    JsonNode properties = Lookup.find(TolerantJson.read(bytes, warnings), "properties");
    if (properties == null || !properties.isObject()) {
      throw withoutProperties(warnings.file());
    }
    return properties;
  }

  static DefinitionException notOpenApi2(String file) {
    return new DefinitionException(
        file, 0, 0, "is not an OpenAPI 2.0 document (\"swagger\": \"2.0\")");
  }

  static DefinitionException withoutPaths(String file) {
    return new DefinitionException(file, 0, 0, "has no object called paths");
  }

  static DefinitionException withoutProperties(String file) {
    return new DefinitionException(file, 0, 0, "has no object called properties");
  }

  private record Document(JsonNode swagger, Schemas schemas, List<Operation> all)
      implements Operations {

    @Override
    public @Nullable Operation find(String id) {
      Operation otherCase = null;
      for (Operation operation : all) {
        if (operation.id().equals(id)) {
          return operation;
        }
        if (operation.id().equalsIgnoreCase(id)) {
          otherCase = operation;
        }
      }
      return otherCase;
    }

    @Override
    public JsonNode notification(Operation operation) {
      JsonNode content =
          swagger.path("paths").path(operation.path()).path("x-ms-notification-content");
      return schemas.resolve(content).path("schema");
    }

    @Override
    public JsonNode filePicker() {
      return swagger.path("x-ms-capabilities").path("file-picker");
    }
  }

  private static String textOr(JsonNode object, String name, String otherwise) {
    return orElse(Lookup.text(object, name), otherwise);
  }

  static String orElse(@Nullable String text, String otherwise) {
    return text == null || text.isBlank() ? otherwise : text.trim();
  }

  /**
   * Returns the connector. Its actions take and return JSON. Operations that cannot be called are
   * among them and throw {@link dev.connectorsdk.api.error.OperationUnsupportedException}. So do
   * triggers that cannot be run.
   */
  public Connector connector() {
    return connector;
  }

  /** Returns what became of the definition. */
  public DefinitionReport report() {
    return report;
  }

  @Override
  public String toString() {
    return connector.toString();
  }
}
