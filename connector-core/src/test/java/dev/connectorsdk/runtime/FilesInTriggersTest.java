package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What triggers are about is stored, and a file that is elsewhere is not. */
class FilesInTriggersTest extends TriggerHostTest {

  record Document(String id, FileSource content) {}

  private static final PollingTrigger<Document, Integer, Document> LIKE =
      PollingTrigger.builder("like", Document.class, Integer.class, Document.class)
          .poll((poll, call) -> new Batch<>(List.of(), 1, false));

  private static final PollingTrigger<Nothing, Integer, Document> DOCUMENTS =
      PollingTrigger.builder("documents", Nothing.class, Integer.class, Document.class)
          .poll((poll, call) -> new Batch<>(List.of(new Event<>("1", document())), 1, false));

  record Unwritable(String id) {

    @Override
    public String id() {
      if (id.equals("1")) {
        throw new IllegalStateException("s3cret");
      }
      return id;
    }
  }

  private static final PollingTrigger<Nothing, Integer, Unwritable> UNWRITABLE =
      PollingTrigger.builder("unwritable", Nothing.class, Integer.class, Unwritable.class)
          .poll(
              (poll, call) ->
                  new Batch<>(List.of(new Event<>("1", new Unwritable("1"))), 1, false));

  private static Document document() {
    return new Document("1", FileSource.of("draft".getBytes(UTF_8)));
  }

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(LIKE).trigger(DOCUMENTS).trigger(UNWRITABLE).build();
  }

  @BeforeEach
  void bind() {
    bindAdasConnection();
  }

  @Test
  void aSubscriptionKeepsNoFile() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> subscribe(SubscriptionSpec.of(SHARED, LIKE, document(), "announce")))
        .withMessageContaining("/configuration/content: is a file, which cannot be stored");
  }

  @Test
  void anEventKeepsNoFile() {
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, DOCUMENTS, Nothing.NOTHING, "announce"));
    run();

    assertThat(inspect(subscription).lastError())
        .isEqualTo(
            "Trigger 'documents' returned an event with a file at /content, which cannot be"
                + " stored");
    assertThat(handled).isEmpty();
  }

  @Test
  void whatCannotBeWrittenIsNamed() {
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, UNWRITABLE, Nothing.NOTHING, "announce"));
    run();

    assertThat(inspect(subscription).lastError())
        .isEqualTo("Trigger 'unwritable' returned an event that cannot be written as JSON (/id)");
  }
}
