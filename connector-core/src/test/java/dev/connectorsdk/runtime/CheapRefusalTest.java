package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.TriggerStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it costs to refuse what no service has sent. */
@Tag("G6")
class CheapRefusalTest extends WebhookHostTest {

  private final List<String> asked = new ArrayList<>();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return super.with(builder).store(counting(), keys);
  }

  /** Returns the store, which notes what it is asked of triggers. */
  private ConnectorStore counting() {
    TriggerStore triggers = store.triggers();
    TriggerStore noting =
        StoreProxy.of(
            TriggerStore.class,
            (method, arguments) -> {
              asked.add(method.getName());
              return method.invoke(triggers, arguments);
            });
    return StoreProxy.replacing("triggers", noting, store);
  }

  private int status(URI url, Delivery delivery) {
    asked.clear();
    return send(url, delivery).statusCode();
  }

  private static URI at(URI url, String path) {
    return url.resolve(path);
  }

  @Test
  @DisplayName("G6: a URL of the right form that nobody has costs one query by an index")
  void anUnknownUrlCostsOneQuery() {
    subscribeToHook();
    URI unknown = at(told().url(), "/hooks/AAAAAAAAAAAAAAAAAAAAAA/AAAAAAAAAAAAAAAAAAAAAA");

    assertThat(status(unknown, unsigned(item("T-1")))).isEqualTo(404);
    assertThat(asked).containsExactly("listSubscriptionsAt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/hooks/", "/hooks/a", "/hooks/a/b", "/hooks/app/tickets/apiKey"})
  @DisplayName("G6: a URL that cannot be one costs no query")
  void aUrlThatCannotBeOneCostsNoQuery(String path) {
    subscribeToHook();

    assertThat(status(at(told().url(), path), unsigned(item("T-1")))).isEqualTo(404);
    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("G6: what is not signed costs one query and writes nothing")
  void whatIsNotSignedWritesNothing() {
    subscribeToHook();

    assertThat(status(told().url(), unsigned(item("T-1")))).isEqualTo(401);
    assertThat(asked).containsExactly("listSubscriptionsAt");
  }

  @Test
  @DisplayName("G6: what is too large is refused before anybody is looked for")
  void whatIsTooLargeCostsNoQuery() {
    subscribeToHook();

    assertThat(status(told().url(), unsigned("x".repeat(1024 * 1024 + 1)))).isEqualTo(413);
    assertThat(asked).isEmpty();
  }
}
