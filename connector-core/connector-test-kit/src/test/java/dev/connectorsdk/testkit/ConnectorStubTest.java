package dev.connectorsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.testkit.Notes.NewNote;
import dev.connectorsdk.testkit.Notes.Note;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConnectorStubTest {

  private static final Caller ADA = Principal.user("ada").in("test");
  private static final ConnectionReference NOTES = ConnectionReference.invoker("notes", "notes");
  private static final Action<NewNote, Note> ADD =
      Action.builder("add", Effect.WRITE, NewNote.class, Note.class)
          .titled("Add")
          .run((note, call) -> call.http().post("/notes").json(note).fetch(Note.class));
  private static final Action<JsonNode, JsonNode> FIND =
      Action.dynamic(
              "find",
              Effect.READ,
              json("{'type': 'object'}"),
              json("{'type': 'object', 'required': ['id']}"))
          .run((input, call) -> call.http().get("/notes").fetchJson());

  private final ConnectorStub stub =
      ConnectorStub.of(
          Connector.builder("notes", "https://notes.example")
              .auth(AuthOption.apiKeyHeader("X-Key"))
              .action(ADD)
              .action(FIND)
              .build());
  private ConnectorRuntime runtime;

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  @BeforeEach
  void aHost() {
    runtime = ConnectorRuntime.builder().connector(stub.connector()).build();
    ConnectionSpec spec = ConnectionSpec.of("notes", "apiKey");
    runtime.connections().create(ADA, spec.secret("api_key", Secret.of("k")).untested());
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  @Test
  void aLambdaAnswersAndTheInputsAreKnown() {
    stub.on(ADD, note -> new Note("n-1", note.text()));

    assertThat(runtime.invoke(ADA, NOTES, "add", Map.of("text", "Milk")).path("id").asString())
        .isEqualTo("n-1");
    assertThat(stub.inputs(ADD)).containsExactly(new NewNote("Milk"));
  }

  @Test
  void anInputIsCheckedAsThatOfTheConnector() {
    stub.on(ADD, note -> new Note("n-1", note.text()));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, NOTES, "add", Map.of()))
        .withMessageContaining("/text");
    assertThat(stub.inputs(ADD)).isEmpty();
  }

  @Test
  void anOutputIsCheckedToo() {
    stub.on("find", input -> json("{'name': 'Milk'}"));

    assertThatExceptionOfType(Throwable.class)
        .isThrownBy(() -> runtime.invoke(ADA, NOTES, "find", Map.of()))
        .satisfies(
            e ->
                assertThat(e)
                    .hasStackTraceContaining("What the stub of 'find' returns is no output of it")
                    .hasStackTraceContaining("/id"));
  }

  @Test
  void whatNothingWasSaidAboutSaysSo() {
    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, NOTES, "add", Map.of("text", "Milk")))
        .withMessageContaining("on(\"add\", ...)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stub.on("ad", input -> input))
        .withMessage("The connector 'notes' has no action 'ad', but [add, find]");
  }
}
