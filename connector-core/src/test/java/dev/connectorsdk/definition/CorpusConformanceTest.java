package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.DefinitionNames;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.TolerantJson;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.request.Parameter;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.Buffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation of every published definition, called through a runtime with inputs made from its
 * schema, the least one and one that has all members; an independent validator judges the request
 * that arrives against the same file.
 *
 * <p>The validator knows nothing of policies: a definition that has some is called once without
 * them, for the validator, and once with them. What then arrives is compared with what an
 * independent reading of the policies makes of the request without them.
 */
@ExtendWith(Corpus.Present.class)
@Tag("H5")
class CorpusConformanceTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final String ANSWER = "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}";
  private static final double CONFORMING = 0.99;
  private static final double AS_EXPECTED = 0.999;

  /** Why a request of ours may fail the validator all the same, by the key of its verdict. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("validation.request.accept.notAllowed", "the header parameter counts"),
          Map.entry(
              "validation.request.contentType.notAllowed",
              "a header parameter or the kind of the value counts, and differs from consumes"),
          Map.entry(
              "validation.request.body.schema.required",
              "internal and required without a default: only the caller can give it"),
          Map.entry(
              "validation.request.body.schema.type",
              "a list in a form is joined by commas, which the validator does not take apart"),
          Map.entry(
              "validation.request.parameter.schema.enum",
              "a multipart type carries its boundary, or two parameters share a segment"),
          Map.entry("validation.request.parameter.missing", "the constant is empty"),
          Map.entry(
              "validation.request.parameter.header.missing", "the constant's name is no header's"),
          Map.entry("validation.request.body.missing", "an empty form is an empty body"),
          Map.entry(
              "validation.request.parameter.schema.unknownError", "the validator itself fails"),
          Map.entry(
              "validation.request.body.schema.pattern",
              "the default does not fit its pattern, or this is of another dialect than Java's"),
          Map.entry(
              "validation.request.body.schema.enum", "the choices are of another type than said"),
          Map.entry("validation.request.body.schema.allOf", "the parts leave the sample no choice"),
          Map.entry(
              "validation.request.body.schema.invalidJson", "a file is sent under a type of JSON"),
          Map.entry(
              "validation.request.parameter.schema.format.date-time",
              "its pattern does not fit its format"),
          Map.entry("not offered", "the required header's name is none"));

  @TempDir Path temp;

  private final RecordingNetwork network = new RecordingNetwork(ANSWER);
  private final Map<String, List<String>> exceptions = new TreeMap<>();
  private final Map<String, String> entered = new HashMap<>();
  private final Map<String, Request> plainRequests = new HashMap<>();
  private final Set<String> policiedOperations = new TreeSet<>();
  private final Set<String> wrongOperations = new TreeSet<>();
  private PolicyExpectations expectations;
  private DeclaredSchemas schemas;
  private int loaded;
  private int unreadByValidator;
  private int scripted;
  private int called;
  private int judged;
  private int conforming;
  private int policied;
  private int expected;

  @Test
  void everyOperationWithoutAScriptConforms() throws IOException {
    for (Path directory : Corpus.directories()) {
      judge(directory);
    }

    System.out.printf(
        "CONFORMANCE: %d definitions loaded (%d of them the validator cannot read), %d calls"
            + " of operations; %d judged by the validator, %d conforming (%.2f %%); %d calls under"
            + " policies, %d as expected (%.2f %%), of %d operations, %d of them right in all;"
            + " %d need a script%n",
        loaded,
        unreadByValidator,
        called,
        judged,
        conforming,
        100.0 * conforming / judged,
        policied,
        expected,
        100.0 * expected / policied,
        policiedOperations.size(),
        policiedOperations.size() - wrongOperations.size(),
        scripted);
    exceptions.forEach(
        (kind, places) -> {
          System.out.println(
              places.size() + " x " + kind + ": " + REASONS.getOrDefault(kind, "not explained"));
          places.forEach(p -> System.out.println("    " + p));
        });
    assertThat(exceptions.keySet()).isSubsetOf(REASONS.keySet());
    assertThat(judged).isPositive();
    assertThat(policied).isPositive();
    assertThat(conforming / (double) judged).isGreaterThanOrEqualTo(CONFORMING);
    assertThat(expected / (double) policied).isGreaterThanOrEqualTo(AS_EXPECTED);
  }

  private void judge(Path directory) throws IOException {
    Definition definition;
    try {
      definition = load(directory);
    } catch (DefinitionException e) {
      return;
    }
    loaded++;
    scripted +=
        (int)
            definition.report().operations().stream()
                .filter(o -> o.obstacles().toString().contains("script not available"))
                .count();
    schemas =
        DeclaredSchemas.of(
            TolerantJson.read(
                DefinitionFiles.in(directory).read().swagger(), Warnings.ignored("s")),
            Warnings.ignored("s"));
    OpenApiInteractionValidator validator = validator(directory);
    Path plain = withoutPolicies(directory);
    plainRequests.clear();
    expectations = PolicyExpectations.of(directory, entered);
    call(plain == null ? definition : somewhere(plain), validator, true);
    if (plain != null) {
      call(definition, null, false);
    }
  }

  private static Definition load(Path directory) {
    return load(directory, Overlay.none());
  }

  private static Definition load(Path directory, Overlay overlay) {
    return Definition.load(
        directory,
        ConnectorId.of(DefinitionNames.sanitised(DefinitionFiles.nameOf(directory), "c")),
        LoadOptions.standard()
            .overlay(overlay)
            .allowingHost(PolicyExpectations.CALLERS_HOST)
            .workflow(expression -> JsonNodeFactory.instance.stringNode("2024-05-08T10:00:00Z")));
  }

  /** Without its policies, the host of a definition may be none. */
  private static Definition somewhere(Path directory) {
    Definition definition = load(directory);
    String basePath = HttpUrl.get(definition.report().baseUrl()).encodedPath();
    return definition.report().baseUrl().startsWith("https://host.invalid")
        ? load(directory, Overlay.none().baseUrl("https://plain.example" + basePath))
        : definition;
  }

  private Path withoutPolicies(Path directory) throws IOException {
    DefinitionFiles files = DefinitionFiles.in(directory);
    JsonNode properties = TolerantJson.read(files.read().properties(), Warnings.ignored("p"));
    JsonNode inner = Lookup.find(properties, "properties");
    if (!(inner instanceof ObjectNode object) || object.path("policyTemplateInstances").isEmpty()) {
      return null;
    }
    object.remove("policyTemplateInstances");
    Path copy = Files.createDirectories(temp.resolve(directory.getFileName().toString()));
    Files.writeString(copy.resolve("apiProperties.json"), properties.toString());
    Files.copy(files.swagger(), copy.resolve("apiDefinition.swagger.json"));
    if (files.script() != null) {
      Files.writeString(copy.resolve("script.csx"), "");
    }
    return copy;
  }

  private OpenApiInteractionValidator validator(Path directory) throws IOException {
    Path file = DefinitionFiles.in(directory).swagger();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    text = new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try {
      return OpenApiInteractionValidator.createForInlineApiSpecification(text)
          .withLevelResolver(
              LevelResolver.create()
                  .withLevel("validation.request.security", ValidationReport.Level.IGNORE)
                  .withLevel(
                      "validation.request.parameter.query.unexpected",
                      ValidationReport.Level.IGNORE)
                  .withLevel(
                      "validation.schema.additionalProperties", ValidationReport.Level.IGNORE)
                  .build())
          .build();
    } catch (RuntimeException | StackOverflowError unreadable) {
      unreadByValidator++;
      return null;
    }
  }

  private void call(Definition definition, OpenApiInteractionValidator validator, boolean judged) {
    Connector connector = definition.connector();
    AuthOption option =
        connector.authOptions().stream()
            .filter(o -> !o.scheme().needsConsent())
            .findFirst()
            .orElse(connector.authOptions().get(0));
    if (option.scheme().needsConsent()) {
      // Signing in is for another test: the request is the same.
      AuthOption signIn = option;
      option = AuthOption.none();
      for (ConnectionParameter parameter : signIn.parameters()) {
        option = option.asking(parameter);
      }
    }
    Connector open = new Reopened(connector, option);
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder().connector(open).httpClient(network.client()).build()) {
      Connection connection = connect(runtime, open, option);
      ConnectionReference reference = ConnectionReference.invoker("all", connector.id().value());
      runtime.references().bind(ADA, reference, connection.id());
      for (Action<?, ?> action : connector.actions()) {
        Operation operation = ((DefinitionAction) action).operation();
        if (operation.obstacles().isEmpty() && (judged || !operation.policies().isNothing())) {
          for (boolean whole : new boolean[] {false, true}) {
            JsonNode schema = action.input().givenSchema();
            ObjectNode input = (ObjectNode) new ConformingSample(schema, whole).value();
            addHidden(operation, input);
            expectations.complete(operation, input);
            call(runtime, reference, definition, operation, input, whole, validator, judged);
          }
        } else if (judged
            && !operation.obstacles().toString().contains("script not available")
            && !operation.obstacles().toString().contains("host")) {
          exception("not offered", connector, operation, operation.obstacles().toString());
        }
      }
    } catch (ConnectorException e) {
      exceptions
          .computeIfAbsent("no connection: " + e.getMessage(), none -> new ArrayList<>())
          .add(connector.id().value());
    }
  }

  private void call(
      ConnectorRuntime runtime,
      ConnectionReference reference,
      Definition definition,
      Operation operation,
      ObjectNode input,
      boolean whole,
      OpenApiInteractionValidator validator,
      boolean judge) {
    network.sent().clear();
    String name = definition.connector().id() + " " + operation.id();
    if (judge) {
      called++;
    } else {
      policied++;
      policiedOperations.add(name);
    }
    try {
      runtime.invoke(
          ADA, reference, operation.id(), input, CallOptions.standard().withoutWaiting());
    } catch (ConnectorException e) {
      exception(e.getMessage().replace(operation.id(), "OP"), definition.connector(), operation);
      if (!judge) {
        wrongOperations.add(name);
      }
      return;
    }
    Request request = network.sent().get(network.sent().size() - 1);
    String base = HttpUrl.get(definition.report().baseUrl()).encodedPath();
    base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    if (!judge) {
      Request plain = plainRequests.get(name + whole);
      String problem =
          plain == null
              ? "is not sent without policies"
              : expectations.problem(operation, plain, base, ANSWER, request);
      if (problem == null) {
        expected++;
      } else {
        wrongOperations.add(name);
        exception("with policies: not as expected", definition.connector(), operation, problem);
      }
      return;
    }
    plainRequests.put(name + whole, request);
    String path = request.url().encodedPath();
    if (!path.startsWith(base)) {
      exception("leaves the base path", definition.connector(), operation);
      return;
    }
    if (validator == null) {
      return;
    }
    judged++;
    ValidationReport report = validator.validateRequest(request(request, path));
    if (report.hasErrors()) {
      ValidationReport.Message first = report.getMessages().get(0);
      exception(
          first.getKey(),
          definition.connector(),
          operation,
          first.getMessage().lines().findFirst().orElse(""));
    } else {
      conforming++;
    }
  }

  /** What is hidden and required without a default, such as the URL of a callback, a host gives. */
  private void addHidden(Operation operation, ObjectNode input) {
    Parameter body = operation.request().body();
    JsonNode given = body == null ? null : input.path(body.name());
    if (body == null
        || !body.required()
        || !schemas.type(body.schema()).equals("object")
        || !(given.isObject() || given.isMissingNode())) {
      return;
    }
    ObjectNode whole =
        given instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    Map<String, JsonNode> properties = schemas.properties(body.schema());
    for (String name : schemas.required(body.schema())) {
      JsonNode property = properties.get(name);
      if (property != null
          && !whole.has(name)
          && (body.internal() || schemas.isInternal(property))
          && schemas.defaultOf(property) == null) {
        switch (schemas.type(property)) {
          case "string" ->
              whole.put(name, "https://" + PolicyExpectations.CALLERS_HOST + "/callback");
          case "integer" -> whole.put(name, 1);
          default -> {}
        }
      }
    }
    if (!whole.isEmpty()) {
      input.set(body.name(), whole);
    }
  }

  private static com.atlassian.oai.validator.model.Request request(Request request, String path) {
    SimpleRequest.Builder builder = new SimpleRequest.Builder(request.method(), path);
    HttpUrl url = request.url();
    for (int i = 0; i < url.querySize(); i++) {
      builder.withQueryParam(url.queryParameterName(i), url.queryParameterValue(i));
    }
    request.headers().forEach(h -> builder.withHeader(h.getFirst(), h.getSecond()));
    // The client adds it below, and unpacks.
    builder.withHeader("Accept-Encoding", "gzip");
    if (request.body() != null && request.body().contentType() != null) {
      builder.withContentType(request.body().contentType().toString());
    }
    if (request.body() != null) {
      Buffer buffer = new Buffer();
      try {
        request.body().writeTo(buffer);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      if (buffer.size() > 0) {
        builder.withBody(buffer.readByteArray());
      }
    }
    return builder.build();
  }

  private void exception(String kind, Connector connector, Operation operation, String... more) {
    exceptions
        .computeIfAbsent(kind, none -> new ArrayList<>())
        .add(connector.id() + " " + operation.id() + " " + String.join(" ", more));
  }

  private Connection connect(ConnectorRuntime runtime, Connector connector, AuthOption option) {
    entered.clear();
    return runtime.connections().create(ADA, CorpusContext.filled(connector, option, entered));
  }

  /** The same connector with one way to authenticate. */
  private record Reopened(Connector connector, AuthOption option) implements Connector {

    @Override
    public ConnectorId id() {
      return connector.id();
    }

    @Override
    public String version() {
      return connector.version();
    }

    @Override
    public String title() {
      return connector.title();
    }

    @Override
    public String description() {
      return connector.description();
    }

    @Override
    public String baseUrl() {
      return connector.baseUrl();
    }

    @Override
    public List<String> additionalOrigins() {
      return connector.additionalOrigins();
    }

    @Override
    public List<String> fileHosts() {
      return connector.fileHosts();
    }

    @Override
    public List<ConnectionParameter> parameters() {
      return connector.parameters();
    }

    @Override
    public List<AuthOption> authOptions() {
      return List.of(option);
    }

    @Override
    public List<Action<?, ?>> actions() {
      return connector.actions();
    }
  }
}
