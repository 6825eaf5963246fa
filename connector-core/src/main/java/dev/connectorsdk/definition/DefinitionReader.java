package dev.connectorsdk.definition;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.definition.DefinitionReport.TriggerKind;
import dev.connectorsdk.definition.DefinitionReport.Warning;
import dev.connectorsdk.internal.definition.auth.AuthReader;
import dev.connectorsdk.internal.definition.auth.Authentication;
import dev.connectorsdk.internal.definition.auth.OfferedOption;
import dev.connectorsdk.internal.definition.document.Corrections;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.DefinitionContent;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.DefinitionLimits;
import dev.connectorsdk.internal.definition.document.FileHosts;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.ServiceUrl;
import dev.connectorsdk.internal.definition.document.TolerantJson;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.operation.DeclaredTest;
import dev.connectorsdk.internal.definition.operation.DeclaredTrigger;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.operation.OperationReader;
import dev.connectorsdk.internal.definition.operation.OperationRules;
import dev.connectorsdk.internal.definition.operation.Operations;
import dev.connectorsdk.internal.definition.policy.Policies;
import dev.connectorsdk.internal.definition.trigger.FilledInput;
import dev.connectorsdk.internal.definition.trigger.SignedDeliveries;
import dev.connectorsdk.internal.definition.trigger.Triggers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes a connector and a report of the two files of a definition. */
final class DefinitionReader {

  /** About how many bytes of the heap an operation takes besides its part of the document. */
  private static final long WEIGHT_BESIDE = 2_000;

  private final ConnectorId id;
  private final LoadOptions options;
  private final Corrections corrections;
  private final List<Warning> warnings = new ArrayList<>();
  private final Warnings ofSwagger;
  private final Warnings ofProperties;
  private final JsonNode swagger;
  private final JsonNode properties;
  private final ServiceUrl serviceUrl;

  private DefinitionReader(
      DefinitionFiles files, DefinitionContent content, ConnectorId id, LoadOptions options) {
    this.id = id;
    this.options = options;
    this.corrections = options.overlay().corrections();
    this.ofSwagger = warningsOf(files.swaggerName());
    this.ofProperties = warningsOf(files.propertiesName());
    this.swagger = corrections.applied(swagger(content.swagger()));
    this.properties = properties(content.properties());
    this.serviceUrl = ServiceUrl.of(swagger, ofSwagger);
  }

  /**
   * Reads a definition.
   *
   * @throws dev.connectorsdk.api.error.DefinitionException if it cannot be used
   */
  static Definition read(
      DefinitionFiles files, DefinitionContent content, ConnectorId id, LoadOptions options) {
    return new DefinitionReader(files, content, id, options).read(files.script() != null);
  }

  private Warnings warningsOf(String file) {
    return new Warnings(
        file, (pointer, message) -> warnings.add(new Warning(file, pointer, message)));
  }

  private JsonNode swagger(byte[] bytes) {
    JsonNode document = TolerantJson.read(bytes, ofSwagger);
    JsonNode version = document.path("swagger");
    if (!"2.0".equals(version.isString() ? version.stringValue().trim() : version.toString())) {
      throw DefinitionLimits.notOpenApi2(ofSwagger.file());
    }
    if (!document.path("paths").isObject()) {
      throw DefinitionLimits.withoutPaths(ofSwagger.file());
    }
    return document;
  }

  private JsonNode properties(byte[] bytes) {
    JsonNode found = Lookup.find(TolerantJson.read(bytes, ofProperties), "properties");
    if (found == null || !found.isObject()) {
      throw DefinitionLimits.withoutProperties(ofProperties.file());
    }
    return found;
  }

  private Definition read(boolean scriptFile) {
    DeclaredSchemas schemas = DeclaredSchemas.of(swagger, ofSwagger);
    corrections.check(serviceUrl);
    boolean plainScheme = serviceUrl.url().startsWith("http:");
    Policies policies =
        Policies.read(properties, scriptFile, plainScheme, options.additions(), ofProperties);
    Authentication authentication =
        new AuthReader(
                swagger,
                properties,
                policies::sends,
                name -> policies.mayUse(name) || isForSignatures(name),
                ofProperties)
            .read();
    Operations operations = operations(schemas, policies, authentication);
    JsonNode info = swagger.path("info");
    String title = orElse(Lookup.text(info, "title"), id.value());
    Connector.Builder connector =
        Connector.builder(id.value(), serviceUrl.url())
            .titled(title)
            .described(orElse(Lookup.text(info, "description"), ""))
            .version(orElse(Lookup.text(info, "version"), "0"));
    FileHosts.of(swagger, ofSwagger).forEach(connector::fileHost);
    List<DefinitionReport.Auth> offered = offer(authentication, connector);
    add(
        operations,
        Triggers.of(operations, policies, serviceUrl.basePath(), options.signed()),
        connector);
    addTest(operations, connector);
    List<DefinitionReport.Operation> reported =
        operations.all().stream().map(operation -> reported(operation, policies)).toList();
    Connector built = connector.build();
    Map<String, String> reach = CredentialReach.of(built, policies);
    return new Definition(
        built,
        new DefinitionReport(id, title, serviceUrl.url(), offered, reported, reach, warnings),
        TolerantJson.weight(swagger)
            + TolerantJson.weight(properties)
            + WEIGHT_BESIDE * operations.all().size());
  }

  private Operations operations(
      DeclaredSchemas schemas, Policies policies, Authentication authentication) {
    OperationRules rules =
        new OperationRules(
            policies,
            serviceUrl,
            corrections,
            names(parameters(authentication)),
            authentication.needsGateway()
                ? names(parameters(authentication).filter(ConnectionParameter::isSecret))
                : Set.of(),
            options.authOptions().isEmpty() ? authentication.refused() : null);
    Operations operations =
        new Operations(
            swagger,
            schemas,
            new OperationReader(swagger, schemas, rules, authentication.places(), ofSwagger).read(),
            options.isStrict(),
            options.expressions());
    options.overlay().check(operations);
    options
        .signed()
        .forEach(
            (id, signed) -> {
              check(operations.find(id), id, signed);
              checkParameter(authentication, id, signed.parameter());
            });
    return operations;
  }

  private static Set<String> names(Stream<ConnectionParameter> parameters) {
    return parameters.map(one -> Lookup.lower(one.name())).collect(Collectors.toSet());
  }

  /** What has no effect would leave deliveries unchecked. */
  private void check(@Nullable Operation operation, String id, SignedDeliveries signed) {
    DeclaredTrigger trigger = operation == null ? null : operation.trigger();
    if (operation == null
        || !operation.id().equals(id)
        || trigger == null
        || kind(trigger) != TriggerKind.WEBHOOK) {
      throw new DefinitionException(
          ofSwagger.file(), 0, 0, "has no webhook '" + id + "', whose signature was given");
    }
    FilledInput input = signed.sentAs();
    if (input != null && !input.fits(operation.parameters())) {
      throw new DefinitionException(
          ofSwagger.file(),
          0,
          0,
          "webhook '" + id + "' has no input '" + input.input() + "' for the secret");
    }
  }

  private boolean isForSignatures(String connectionParameter) {
    return options.signed().values().stream()
        .anyMatch(signed -> connectionParameter.equalsIgnoreCase(signed.parameter()));
  }

  private void checkParameter(Authentication authentication, String id, @Nullable String name) {
    if (name != null
        && parameters(authentication).noneMatch(one -> one.isSecret() && one.isNamed(name))) {
      throw new DefinitionException(
          ofSwagger.file(),
          0,
          0,
          "has no secret connection parameter '" + name + "' for the signature of '" + id + "'");
    }
  }

  /** Returns all that a connection can be asked for. */
  private Stream<ConnectionParameter> parameters(Authentication authentication) {
    Stream<AuthOption> all =
        Stream.concat(
            authentication.options().stream().map(OfferedOption::option),
            options.authOptions().stream());
    return Stream.concat(
        authentication.common().stream(), all.flatMap(option -> option.parameters().stream()));
  }

  private List<DefinitionReport.Auth> offer(
      Authentication authentication, Connector.Builder connector) {
    List<DefinitionReport.Auth> offered = new ArrayList<>();
    authentication.common().forEach(connector::parameter);
    for (OfferedOption option : authentication.options()) {
      connector.auth(options.overlay().applied(option.option()));
      offered.add(reported(option));
    }
    // Where all options of a definition need a gateway, those that a host adds do too.
    boolean inside = authentication.needsGateway();
    for (AuthOption option : options.authOptions()) {
      connector.auth(inside ? option.throughGateway() : option);
      offered.add(reported(new OfferedOption(option, null, true)));
    }
    return offered;
  }

  private static DefinitionReport.Auth reported(OfferedOption offered) {
    AuthOption option = offered.option();
    return new DefinitionReport.Auth(
        option.id(),
        option.title(),
        offered.limitation(),
        offered.shareable(),
        option.scheme().weaknesses());
  }

  private static void add(Operations operations, Triggers triggers, Connector.Builder connector) {
    for (Operation operation : operations.all()) {
      DeclaredTrigger trigger = operation.trigger();
      if (trigger == null) {
        connector.action(new DefinitionAction(operation, operations));
      } else {
        connector.trigger(triggers.trigger(operation, trigger));
      }
    }
  }

  private DefinitionReport.Operation reported(Operation operation, Policies policies) {
    DeclaredTrigger trigger = operation.trigger();
    SignedDeliveries signed = options.signed().get(operation.id());
    return new DefinitionReport.Operation(
        operation.id(),
        operation.declared().method(),
        operation.declared().path(),
        trigger == null
            ? null
            : new DefinitionReport.Trigger(
                kind(trigger), trigger.batch(), signed == null ? null : signed.signature()),
        operation.obstacles(),
        policies.hostOfCaller(operation.id(), operation.parameters()));
  }

  private static TriggerKind kind(DeclaredTrigger trigger) {
    return switch (trigger.style()) {
      case CALLBACK -> TriggerKind.WEBHOOK;
      case LIST -> TriggerKind.POLLING;
      case LOCATION -> TriggerKind.SERVICE_POLLING;
    };
  }

  private void addTest(Operations operations, Connector.Builder connector) {
    ConnectionTest test = DeclaredTest.of(swagger, operations, ofSwagger);
    corrections.checkTest(test != null);
    if (test != null) {
      connector.test(test);
    }
  }

  static String orElse(@Nullable String text, String otherwise) {
    return text == null || text.isBlank() ? otherwise : text.trim();
  }
}
