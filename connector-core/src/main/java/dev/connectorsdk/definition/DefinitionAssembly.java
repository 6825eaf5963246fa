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
import dev.connectorsdk.internal.definition.document.FileHosts;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.ScannedOperation;
import dev.connectorsdk.internal.definition.document.ServiceUrl;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes a connector of what the two files of a definition hold, and a report. */
final class DefinitionAssembly {

  private final ConnectorId id;
  private final LoadOptions options;
  private final Corrections corrections;
  private final JsonNode swagger;
  private final Warnings ofSwagger;
  private final ServiceUrl serviceUrl;
  private final DeclaredSchemas schemas;
  private final Policies policies;
  private final Authentication authentication;
  private final Operations operations;
  private final List<DefinitionReport.Auth> offered = new ArrayList<>();
  private final Connector connector;

  private DefinitionAssembly(
      DefinitionReader definition,
      Warnings ofSwagger,
      Warnings ofProperties,
      @Nullable List<ScannedOperation> noted) {
    this.id = definition.id();
    this.options = definition.options();
    this.corrections = options.overlay().corrections();
    this.swagger = definition.swagger();
    this.ofSwagger = ofSwagger;
    this.serviceUrl = ServiceUrl.of(swagger, ofSwagger);
    this.schemas =
        noted == null ? DeclaredSchemas.of(swagger, ofSwagger) : DeclaredSchemas.ofChecked(swagger);
    corrections.check(serviceUrl);
    boolean plainScheme = serviceUrl.url().startsWith("http:");
    JsonNode properties = definition.properties();
    this.policies =
        Policies.read(
            properties, definition.hasScript(), plainScheme, options.additions(), ofProperties);
    this.authentication =
        new AuthReader(
                swagger,
                properties,
                policies::sends,
                name -> policies.mayUse(name) || isForSignatures(name),
                ofProperties)
            .read();
    this.operations = operations(noted);
    this.connector = assembled();
  }

  /** Reads the operations, too, and notes what is unusual. */
  static DefinitionAssembly whole(
      DefinitionReader definition, Warnings ofSwagger, Warnings ofProperties) {
    return new DefinitionAssembly(definition, ofSwagger, ofProperties, null);
  }

  /** Leaves the operations to be read when they are needed. */
  static DefinitionAssembly of(DefinitionReader definition, List<ScannedOperation> noted) {
    Warnings ignored = Warnings.ignored("");
    return new DefinitionAssembly(definition, ignored, ignored, noted);
  }

  Connector connector() {
    return connector;
  }

  /** Returns the report, which reads all operations. */
  DefinitionReport report(List<Warning> warnings) {
    return new DefinitionReport(
        id,
        connector.title(),
        serviceUrl.url(),
        offered,
        operations.all().stream().map(this::reported).toList(),
        CredentialReach.of(connector, policies),
        warnings);
  }

  private Connector assembled() {
    JsonNode info = swagger.path("info");
    Connector.Builder builder =
        Connector.builder(id.value(), serviceUrl.url())
            .titled(DefinitionReader.orElse(Lookup.text(info, "title"), id.value()))
            .described(DefinitionReader.orElse(Lookup.text(info, "description"), ""))
            .version(DefinitionReader.orElse(Lookup.text(info, "version"), "0"));
    FileHosts.of(swagger, ofSwagger).forEach(builder::fileHost);
    offer(builder);
    add(builder);
    addTest(builder);
    return builder.build();
  }

  private Operations operations(@Nullable List<ScannedOperation> noted) {
    OperationRules rules =
        new OperationRules(
            policies,
            serviceUrl,
            corrections,
            names(parameters()),
            authentication.needsGateway()
                ? names(parameters().filter(ConnectionParameter::isSecret))
                : Set.of(),
            options.authOptions().isEmpty() ? authentication.refused() : null);
    OperationReader reader =
        new OperationReader(swagger, schemas, rules, authentication.places(), ofSwagger);
    Operations read =
        new Operations(
            swagger,
            schemas,
            noted == null ? reader.read() : reader.noted(noted),
            options.isStrict(),
            options.expressions());
    if (noted == null) {
      check(read);
    }
    return read;
  }

  private void check(Operations read) {
    options.overlay().check(read);
    options
        .signed()
        .forEach(
            (operation, signed) -> {
              check(read.find(operation), operation, signed);
              checkParameter(operation, signed.parameter());
            });
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

  private void checkParameter(String id, @Nullable String name) {
    if (name != null && parameters().noneMatch(one -> one.isSecret() && one.isNamed(name))) {
      throw new DefinitionException(
          ofSwagger.file(),
          0,
          0,
          "has no secret connection parameter '" + name + "' for the signature of '" + id + "'");
    }
  }

  /** Returns all that a connection can be asked for. */
  private Stream<ConnectionParameter> parameters() {
    Stream<AuthOption> all =
        Stream.concat(
            authentication.options().stream().map(OfferedOption::option),
            options.authOptions().stream());
    return Stream.concat(
        authentication.common().stream(), all.flatMap(option -> option.parameters().stream()));
  }

  private void offer(Connector.Builder builder) {
    authentication.common().forEach(builder::parameter);
    for (OfferedOption option : authentication.options()) {
      builder.auth(options.overlay().applied(option.option()));
      offered.add(reported(option));
    }
    // Where all options of a definition need a gateway, those that a host adds do too.
    boolean inside = authentication.needsGateway();
    for (AuthOption option : options.authOptions()) {
      builder.auth(inside ? option.throughGateway() : option);
      offered.add(reported(new OfferedOption(option, null, true)));
    }
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

  private void add(Connector.Builder builder) {
    Triggers triggers = Triggers.of(operations, policies, serviceUrl.basePath(), options.signed());
    for (Operation operation : operations.all()) {
      DeclaredTrigger trigger = operation.trigger();
      if (trigger == null) {
        builder.action(new DefinitionAction(operation, operations));
      } else {
        builder.trigger(triggers.trigger(operation, trigger));
      }
    }
  }

  private DefinitionReport.Operation reported(Operation operation) {
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

  private void addTest(Connector.Builder builder) {
    ConnectionTest test = DeclaredTest.of(swagger, operations, ofSwagger);
    corrections.checkTest(test != null);
    if (test != null) {
      builder.test(test);
    }
  }
}
