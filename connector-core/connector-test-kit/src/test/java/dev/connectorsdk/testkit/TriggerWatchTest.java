package dev.connectorsdk.testkit;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.testkit.Notes.Note;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class TriggerWatchTest {

  private static final String MILK = "{\"id\": \"n-1\", \"text\": \"Milk\"}";
  private static final Note MILK_NOTE = new Note("n-1", "Milk");

  @RegisterExtension final ConnectorTest notes = ConnectorTest.of(new Notes().connector());

  private void changes(String list, String position) {
    notes
        .service()
        .answer(
            get(urlPathEqualTo("/api/changes")),
            okJson("{\"notes\": [" + list + "], \"position\": \"" + position + "\"}"));
  }

  @Test
  void aPollFindsWhatIsNewAndNothingTwice() {
    changes("", "0");
    TriggerWatch<Note> added = notes.watch(new Notes().polled(), Nothing.NOTHING);
    assertThat(added.events()).isEmpty();

    changes(MILK, "1");

    assertThat(added.poll()).containsExactly(MILK_NOTE);
    notes.restart();
    assertThat(added.poll()).isEmpty();
    assertThat(added.ids()).hasSize(1);
  }

  @Test
  void aPollThatFailsFailsTheTest() {
    changes("", "0");
    TriggerWatch<JsonNode> added = notes.watch("noteAdded", Map.of());
    notes.service().answer(get(urlPathEqualTo("/api/changes")), serverError());

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(added::poll)
        .withMessageContaining("500");
  }

  @Test
  void aDeliveryIsSignedAsTheTriggerDeclares() {
    notes.service().answer(post("/api/hooks"), okJson("{\"id\": \"h-1\"}"));
    TriggerWatch<JsonNode> changed = notes.watch("noteChanged", Map.of());

    assertThat(changed.deliverForged(MILK)).isEqualTo(401);
    assertThat(changed.deliverLate(MILK)).isEqualTo(401);
    assertThat(changed.events()).isEmpty();

    assertThat(changed.deliver(MILK)).isEqualTo(200);
    assertThat(changed.deliverAgain()).isEqualTo(200);
    assertThat(changed.events())
        .extracting(note -> note.path("text").asString())
        .isEqualTo(List.of("Milk"));
  }

  @Test
  void saysThatNothingIsRegisteredYet() {
    notes.service().answer(post("/api/hooks"), serverError());
    TriggerWatch<JsonNode> changed = notes.watch("noteChanged", Map.of());

    assertThatIllegalStateException()
        .isThrownBy(() -> changed.deliver(MILK))
        .withMessageContaining("not registered");
  }
}
