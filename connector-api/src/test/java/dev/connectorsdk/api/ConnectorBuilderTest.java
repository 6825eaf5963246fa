package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConnectorBuilderTest {

  private static final Form FORM = new NoForm();

  private static final class NoForm implements Form {
    @Override
    public Choices choices(String path, JsonNode inputs, Choices.Choice parent, Calls calls) {
      return Choices.none();
    }

    @Override
    public FormSchema input(JsonNode inputs, Calls calls) {
      return FormSchema.of(inputs);
    }

    @Override
    public FormSchema output(JsonNode inputs, Calls calls) {
      return FormSchema.of(inputs);
    }
  }

  @Test
  void aConnectorIsItsPartsInOrder() {
    Action<Nothing, Nothing> open = action("open");
    Action<Nothing, Nothing> close = action("close");
    PollingTrigger<Nothing, String, Nothing> made = trigger("made");
    ConnectionParameter site = ConnectionParameter.text("site");
    AuthOption bearer = AuthOption.bearer();
    ConnectionTest test = call -> Account.of("me");
    Connector connector =
        Connector.builder("tickets", "https://{site}.example.com")
            .version("1.2")
            .titled("Tickets")
            .described("Tickets of an office.")
            .additionalOrigin("https://up.example.com")
            .parameter(site)
            .auth(bearer)
            .action(open)
            .action(close)
            .trigger(made)
            .test(test)
            .build();

    assertThat(connector).hasToString("tickets 1.2");
    assertThat(connector.id()).isEqualTo(ConnectorId.of("tickets"));
    assertThat(connector.title()).isEqualTo("Tickets");
    assertThat(connector.description()).isEqualTo("Tickets of an office.");
    assertThat(connector.baseUrl()).isEqualTo("https://{site}.example.com");
    assertThat(connector.additionalOrigins()).containsExactly("https://up.example.com");
    assertThat(connector.parameters()).containsExactly(site);
    assertThat(connector.authOptions()).containsExactly(bearer);
    assertThat(connector.authOption("bearer")).contains(bearer);
    assertThat(connector.actions()).isEqualTo(List.of(open, close));
    assertThat(connector.action("close").orElseThrow()).isSameAs(close);
    assertThat(connector.action("Close")).isEmpty();
    assertThat(connector.triggers()).isEqualTo(List.of(made));
    assertThat(connector.trigger("made").orElseThrow()).isSameAs(made);
    assertThat(connector.trigger("Made")).isEmpty();
    assertThat(connector.connectionTest()).contains(test);
  }

  @Test
  void whatIsNotSaidHasADefault() {
    Connector connector = Connector.builder("tickets", "https://example.com").build();

    assertThat(connector.version()).isEqualTo("0");
    assertThat(connector.title()).isEqualTo("tickets");
    assertThat(connector.description()).isEmpty();
    assertThat(connector.authOptions()).extracting(AuthOption::id).containsExactly("none");
    assertThat(connector.connectionTest()).isEmpty();
  }

  @Test
  void twoActionsOfOneIdAreRefused() {
    Connector.Builder builder =
        Connector.builder("tickets", "https://example.com")
            .action(action("open"))
            .action(action("open"));

    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessage("Connector 'tickets' has two actions with the id 'open'");
  }

  @Test
  void twoTriggersOrOptionsOfOneIdAreRefused() {
    Connector.Builder triggers =
        Connector.builder("tickets", "https://example.com")
            .trigger(trigger("made"))
            .trigger(trigger("made"));
    Connector.Builder options =
        Connector.builder("tickets", "https://example.com")
            .auth(AuthOption.apiKeyHeader("A"))
            .auth(AuthOption.apiKeyQuery("b"));

    assertThatIllegalArgumentException()
        .isThrownBy(triggers::build)
        .withMessage("Connector 'tickets' has two triggers with the id 'made'");
    assertThatIllegalArgumentException()
        .isThrownBy(options::build)
        .withMessage("Connector 'tickets' has two auth options with the id 'apiKey'");
  }

  @Test
  void whatWasBuiltDoesNotChangeWithTheBuilder() {
    Connector.Builder builder = Connector.builder("tickets", "https://example.com");
    Connector first = builder.action(action("open")).build();
    Connector second = builder.action(action("close")).build();

    assertThat(first.actions()).hasSize(1);
    assertThat(second.actions()).hasSize(2);
    assertThatThrownBy(() -> first.actions().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anActionIsWhatItsAuthorSaid() throws Exception {
    Action<String, Integer> action =
        Action.builder("count", Effect.IDEMPOTENT_WRITE, String.class, Integer.class)
            .titled("Count")
            .described("Counts.")
            .idempotencyHeader("Idempotency-Key")
            .requiredScopes("counts")
            .needsConfirmation(true)
            .deprecated()
            .internal()
            .tagged("numbers")
            .form(FORM)
            .run((input, call) -> input.length());

    assertThat(action).hasToString("count");
    assertThat(action.title()).isEqualTo("Count");
    assertThat(action.description()).isEqualTo("Counts.");
    assertThat(action.effect()).isEqualTo(Effect.IDEMPOTENT_WRITE);
    assertThat(action.idempotencyHeader()).contains("Idempotency-Key");
    assertThat(action.requiredScopes()).containsExactly("counts");
    assertThat(action.needsConfirmation()).isTrue();
    assertThat(action.isDeprecated()).isTrue();
    assertThat(action.isInternal()).isTrue();
    assertThat(action.tags()).containsExactly("numbers");
    assertThat(action.form()).contains(FORM);
    assertThat(action.execute("four", null)).isEqualTo(4);
  }

  @Test
  void anActionWithoutOutputReturnsNothing() throws Exception {
    List<String> deleted = new ArrayList<>();
    Action<String, Nothing> action =
        Action.builder("delete", Effect.DESTRUCTIVE, String.class)
            .run((name, call) -> deleted.add(name));

    assertThat(action.execute("a.txt", null)).isEqualTo(Nothing.NOTHING);
    assertThat(deleted).containsExactly("a.txt");
    assertThat(action.output().type()).isEqualTo(Nothing.class);
  }

  @Test
  void whatCannotBeUndoneIsConfirmedUnlessItsAuthorSaysOtherwise() {
    var delete = Action.builder("delete", Effect.DESTRUCTIVE, String.class);

    assertThat(delete.run((name, call) -> {}).needsConfirmation()).isTrue();
    assertThat(delete.needsConfirmation(false).run((name, call) -> {}).needsConfirmation())
        .isFalse();
    assertThat(action("open").needsConfirmation()).isFalse();
  }

  @Test
  void aPollingTriggerIsWhatItsAuthorSaid() throws Exception {
    PollingTrigger<String, Long, Integer> trigger =
        PollingTrigger.builder("counted", String.class, Long.class, Integer.class)
            .titled("When something is counted")
            .described("Counts.")
            .deprecated()
            .internal()
            .tagged("numbers")
            .form(FORM)
            .poll(
                (poll, call) ->
                    Batch.of(List.of(new Event<>(poll.configuration(), poll.limit())), 1L));

    assertThat(trigger).hasToString("counted");
    assertThat(trigger.title()).isEqualTo("When something is counted");
    assertThat(trigger.description()).isEqualTo("Counts.");
    assertThat(trigger.configuration().type()).isEqualTo(String.class);
    assertThat(trigger.cursor().type()).isEqualTo(Long.class);
    assertThat(trigger.event().type()).isEqualTo(Integer.class);
    assertThat(trigger.isDeprecated()).isTrue();
    assertThat(trigger.isInternal()).isTrue();
    assertThat(trigger.tags()).containsExactly("numbers");
    assertThat(trigger.form()).contains(FORM);
    var poll = new Poll<String, Long>("sheep", null, new Start.Now(), 7, Instant.EPOCH);
    assertThat(trigger.poll(poll, null).events()).containsExactly(new Event<>("sheep", 7));
  }

  @Test
  void aTriggerOfWhichOnlyTheCodeIsSaidIsCalledByItsId() {
    PollingTrigger<Nothing, String, Nothing> trigger = trigger("made");

    assertThat(trigger.title()).isEqualTo("made");
    assertThat(trigger.description()).isEmpty();
    assertThat(trigger.isDeprecated()).isFalse();
    assertThat(trigger.isInternal()).isFalse();
    assertThat(trigger.form()).isEmpty();
  }

  @Test
  void aConnectionIsAskedForTheParametersOfItsOptionThenForThoseOfTheConnector() {
    ConnectionParameter site = ConnectionParameter.text("site");
    ConnectionParameter region = ConnectionParameter.text("region");
    ConnectionParameter siteOfTheKey = ConnectionParameter.text("Site").titled("Site of the key");
    AuthOption key = AuthOption.apiKeyHeader("X-Key").asking(siteOfTheKey);
    Connector connector =
        Connector.builder("tickets", "https://{site}.example.com")
            .parameter(site)
            .parameter(region)
            .auth(key)
            .auth(AuthOption.none())
            .build();

    assertThat(connector.parameters(key))
        .extracting(ConnectionParameter::name)
        .containsExactly("api_key", "Site", "region");
    assertThat(connector.parameters(key)).contains(siteOfTheKey).doesNotContain(site);
    assertThat(connector.parameters(AuthOption.none())).containsExactly(site, region);
  }

  @Test
  void nobodyHasToEnterWhatTheServiceGives() {
    AuthOption signIn =
        AuthOption.oauth2(
            OAuth2Scheme.authorizationCode("https://id.example/a", "https://id.example/t")
                .callback("code", "Instance"));
    Connector connector =
        Connector.builder("crm", "{instance}")
            .parameter(ConnectionParameter.text("instance"))
            .auth(signIn)
            .build();

    assertThat(connector.parameters(signIn))
        .extracting(ConnectionParameter::isRequired)
        .containsExactly(false);
  }

  @Test
  void aReferenceNamesItsConnectorByItsIdOrByText() {
    ConnectorId tickets = ConnectorId.of("tickets");

    assertThat(ConnectionReference.embedded("desk", tickets))
        .isEqualTo(ConnectionReference.embedded("desk", "tickets"));
    assertThat(ConnectionReference.invoker("desk", tickets))
        .isEqualTo(ConnectionReference.invoker("desk", "tickets"));
  }

  @Test
  void anActionIdIsAName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> action("get forecast"))
        .withMessage(
            "Action id must be 1 to 200 letters, digits, '.', '_' or '-' and start with a letter"
                + " or digit, but was 'get forecast'");
  }

  @Test
  void aGivenSchemaIsNotChangedFromOutside() {
    JsonMapper mapper = new JsonMapper();
    var schema = mapper.createObjectNode().put("type", "object");
    Shape<?> shape = Shape.json(schema);
    schema.put("type", "array");
    ((tools.jackson.databind.node.ObjectNode) shape.givenSchema()).removeAll();

    assertThat(shape.givenSchema()).isEqualTo(mapper.readTree("{\"type\": \"object\"}"));
    assertThat(shape.isDynamic()).isTrue();
    assertThat(Shape.of(String.class).isDynamic()).isFalse();
    assertThat(Shape.listOf(String.class)).hasToString("java.util.List<java.lang.String>");
  }

  private static Action<Nothing, Nothing> action(String id) {
    return Action.builder(id, Effect.READ, Nothing.class, Nothing.class)
        .run((input, call) -> input);
  }

  private static PollingTrigger<Nothing, String, Nothing> trigger(String id) {
    return PollingTrigger.builder(id, Nothing.class, String.class, Nothing.class)
        .poll((poll, call) -> Batch.of(List.of(), "0"));
  }
}
