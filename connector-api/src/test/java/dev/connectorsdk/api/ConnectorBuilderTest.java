package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ConnectorBuilderTest {

  @Test
  void aConnectorIsItsPartsInOrder() {
    Action<Nothing, Nothing> open = action("open");
    Action<Nothing, Nothing> close = action("close");
    PollingTrigger<Nothing, Nothing> made = trigger("made");
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
            .deprecated()
            .internal()
            .run((input, call) -> input.length());

    assertThat(action).hasToString("count");
    assertThat(action.title()).isEqualTo("Count");
    assertThat(action.description()).isEqualTo("Counts.");
    assertThat(action.effect()).isEqualTo(Effect.IDEMPOTENT_WRITE);
    assertThat(action.idempotencyHeader()).contains("Idempotency-Key");
    assertThat(action.isDeprecated()).isTrue();
    assertThat(action.isInternal()).isTrue();
    assertThat(action.execute("four", null)).isEqualTo(4);
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
    assertThat(Shape.listOf(String.class).type().getTypeName()).contains("ListType");
  }

  private static Action<Nothing, Nothing> action(String id) {
    return Action.builder(id, Effect.READ, Nothing.class, Nothing.class)
        .run((input, call) -> input);
  }

  private static PollingTrigger<Nothing, Nothing> trigger(String id) {
    return PollingTrigger.of(
        id,
        Nothing.class,
        Nothing.class,
        (configuration, cursor, limit, call) -> PollingTrigger.Batch.of(List.of(), "0"));
  }
}
