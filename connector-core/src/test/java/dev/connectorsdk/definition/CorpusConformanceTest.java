package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation of every published definition, called through a runtime with an input made from
 * its schema; an independent validator judges the request that arrives against the same file.
 *
 * <p>The validator knows nothing of policies: a definition that has some is called twice, once
 * without them for the validator, and once with them for whether it gets through.
 */
class CorpusConformanceTest {

  private static final Caller ADA = Principal.user("ada").in("dev");

  @TempDir Path temp;

  private final List<Request> sent = new ArrayList<>();
  private final OkHttpClient network =
      new OkHttpClient.Builder()
          .addInterceptor(
              chain -> {
                sent.add(chain.request());
                return new Response.Builder()
                    .request(chain.request())
                    .protocol(Protocol.HTTP_1_1)
                    .code(200)
                    .message("OK")
                    .body(ResponseBody.create("{}", MediaType.get("application/json")))
                    .build();
              })
          .build();
  private final Map<String, List<String>> exceptions = new TreeMap<>();
  private int loaded;
  private int unreadByValidator;
  private int scripted;
  private int called;
  private int judged;
  private int conforming;
  private int policied;

  @Test
  void everyOperationWithoutAScriptConforms() throws IOException {
    Path folder = Path.of(System.getProperty("corpus", "corpus"));
    assumeTrue(
        Files.isDirectory(folder),
        () -> "NOT TESTED against published definitions: no folder " + folder + "; see -Dcorpus");
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path directory : entries.filter(Files::isDirectory).sorted().toList()) {
        judge(directory);
      }
    }

    System.out.printf(
        "CONFORMANCE: %d definitions loaded (%d of them the validator cannot read), %d operations"
            + " called, %d under policies, %d judged, %d conforming; %d need a script%n",
        loaded, unreadByValidator, called, policied, judged, conforming, scripted);
    exceptions.forEach(
        (kind, places) -> {
          System.out.println(places.size() + " x " + kind);
          places.stream().limit(5).forEach(p -> System.out.println("    " + p));
        });
    assertThat(conforming / (double) judged).isGreaterThan(RATIO);
  }

  private static final double RATIO = 0.92;

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
    OpenApiInteractionValidator validator = validator(directory);
    Path plain = withoutPolicies(directory);
    boolean hasPolicies = plain != null;
    call(plain == null ? definition : load(plain), validator, true);
    if (hasPolicies) {
      call(definition, null, false);
    }
  }

  private static Definition load(Path directory) {
    return Definition.load(
        directory,
        ConnectorId.of(DefinitionNames.sanitised(DefinitionFiles.nameOf(directory), "c")),
        LoadOptions.standard().allowingHost("caller.example").withoutWaiting());
  }

  private Path withoutPolicies(Path directory) throws IOException {
    DefinitionFiles files = DefinitionFiles.in(directory);
    JsonNode properties =
        TolerantJson.read(
            DefinitionFiles.read(files.properties()), new Warnings("p", new ArrayList<>()));
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
      option = AuthOption.none();
    }
    Connector open = new Reopened(connector, option);
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder().connector(open).httpClient(network).build()) {
      Connection connection = connect(runtime, open, option);
      ConnectionReference reference = ConnectionReference.invoker("all", connector.id().value());
      runtime.references().bind(ADA, reference, connection.id());
      for (Action<?, ?> action : connector.actions()) {
        Operation operation = ((DefinitionAction) action).operation();
        if (operation.obstacles().isEmpty() && (judged || !operation.policies().isNothing())) {
          call(runtime, reference, definition, operation, action, validator, judged);
        } else if (judged
            && !operation.obstacles().toString().contains("script not available")
            && !operation.obstacles().toString().contains("host")) {
          exception("not offered: " + operation.obstacles(), connector, operation);
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
      Action<?, ?> action,
      OpenApiInteractionValidator validator,
      boolean judge) {
    sent.clear();
    if (judge) {
      called++;
    } else {
      policied++;
    }
    JsonNode input = new ConformingSample(action.input().givenSchema()).value();
    try {
      runtime.invoke(ADA, reference, action.id(), input);
    } catch (ConnectorException e) {
      exception(
          (judge ? "" : "with policies: ") + e.getMessage().replace(action.id(), "OP"),
          definition.connector(),
          operation);
      return;
    }
    if (!judge) {
      return;
    }
    Request request = sent.get(sent.size() - 1);
    String base = HttpUrl.get(definition.report().baseUrl()).encodedPath();
    base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
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

  private static com.atlassian.oai.validator.model.Request request(Request request, String path) {
    SimpleRequest.Builder builder = new SimpleRequest.Builder(request.method(), path);
    HttpUrl url = request.url();
    for (int i = 0; i < url.querySize(); i++) {
      builder.withQueryParam(url.queryParameterName(i), url.queryParameterValue(i));
    }
    request.headers().forEach(h -> builder.withHeader(h.getFirst(), h.getSecond()));
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

  private static Connection connect(
      ConnectorRuntime runtime, Connector connector, AuthOption option) {
    ConnectionSpec spec = ConnectionSpec.of(connector.id(), option.id()).untested();
    List<ConnectionParameter> parameters = new ArrayList<>(connector.parameters());
    parameters.addAll(option.parameters());
    for (ConnectionParameter parameter : parameters) {
      if (spec.values().containsKey(parameter.name())) {
        continue;
      }
      String value = parameter.choices().isEmpty() ? "value" : parameter.choices().get(0);
      spec =
          parameter.isSecret()
              ? spec.secret(parameter.name(), Secret.of(value))
              : spec.with(
                  parameter.name(),
                  switch (parameter.type()) {
                    case INTEGER, NUMBER -> 1;
                    case BOOLEAN -> true;
                    case TEXT, SECRET -> value;
                  });
    }
    return runtime.connections().create(ADA, spec);
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
