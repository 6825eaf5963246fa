package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static dev.connectorsdk.examples.mcp.Desk.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LateToolsTest {

  private static final ToolCall SEARCH =
      ToolCall.of("search_actions", object("{'query':'ticket'}"));

  private final AtomicInteger loaded = new AtomicInteger();
  private final ConnectorRuntime runtime =
      ConnectorRuntime.builder().connector(Desk.at("https://desk.example")).build();

  @AfterEach
  void stop() {
    runtime.close();
  }

  private Tools load() {
    loaded.incrementAndGet();
    return Tools.of(runtime, PROD, Desk.agent())
        .choosing(ActionFilter.all())
        .listingAtMost(0)
        .build();
  }

  @Test
  void nothingIsLoadedToSayWhichToolsThereAre() {
    try (LateTools tools = LateTools.of(this::load)) {
      assertThat(tools.all()).extracting(Tool::name).contains("search_actions");
      assertThat(loaded).hasValue(0);
    }
  }

  @Test
  void callsAwaitWhatIsLoadedOnce() {
    try (LateTools tools = LateTools.of(this::load)) {
      assertThat(tools.isPermitted("search_actions")).isTrue();

      assertThat(tools.call(ADA, ToolClient.plain(), SEARCH).text()).contains("desk__openTicket");
      assertThat(tools.call(ADA, ToolClient.plain(), SEARCH).isError()).isFalse();
      assertThat(tools.read(ADA, "connectors://answers/x")).isEmpty();
      assertThat(loaded).hasValue(1);
    }
  }

  @Test
  @Timeout(20)
  void noCallWaitsForWhatHasEnded() {
    try (LateTools tools =
        LateTools.of(
            () -> {
              throw new StackOverflowError();
            })) {
      assertThat(tools.call(ADA, ToolClient.plain(), SEARCH).text())
          .isEqualTo("The actions could not be loaded.");
    }
  }

  @Test
  void whatCannotBeLoadedIsWhatCallsAnswer() {
    try (LateTools tools =
        LateTools.of(
            () -> {
              throw new DefinitionException("desk", 0, 0, "cannot be read as a folder");
            })) {
      assertThat(tools.call(ADA, ToolClient.plain(), SEARCH).text())
          .contains("cannot be read as a folder");
    }
  }
}
