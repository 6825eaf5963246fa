package dev.connectorsdk.examples.plugin;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static dev.connectorsdk.examples.plugin.BoardsPlugin.CARD_MOVED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.examples.plugin.BoardsPlugin.Board;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Card;
import dev.connectorsdk.testkit.ConnectorTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BoardsPluginTest {

  private static final String DONE = "{\"id\": \"c-1\", \"column\": \"Done\"}";

  // tag::webhook-test[]
  @RegisterExtension final ConnectorTest boards = ConnectorTest.of(new BoardsPlugin());

  @Test
  void aMovedCardIsOneEvent() {
    boards.service().answer(post("/api/hooks"), okJson("{\"id\": \"h-1\"}"));
    var moved = boards.watch(CARD_MOVED, new Board("b-1"));

    assertThat(moved.deliverForged(DONE)).isEqualTo(401);
    assertThat(moved.deliverLate(DONE)).isEqualTo(401);
    assertThat(moved.deliver(DONE)).isEqualTo(200);
    assertThat(moved.deliverAgain()).isEqualTo(200);
    assertThat(moved.events()).containsExactly(new Card("c-1", "Done"));
  }
  // end::webhook-test[]
}
