package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.governance.DataPolicy;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Earlier versions of a policy are not stored, so that each can be kept before it is changed. */
class PolicyFilePagesTest {

  private static final String FILE = "administration/policies/file?name=no-chat";

  private Office office;
  private ConsoleBrowser root;

  @BeforeEach
  void start() {
    office = new Office();
    office.blockChat();
    root = office.browserOf("root");
  }

  @AfterEach
  void stop() {
    office.close();
  }

  @Test
  void aFileHoldsWhatThePolicySaysNow() {
    HttpResponse<String> file = root.open(FILE + "&version=1");

    assertThat(file.body()).isEqualTo(DataPolicy.named("no-chat").blocked("chat").build().toJson());
    assertThat(file.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(file.headers().firstValue("content-disposition"))
        .hasValue("attachment; filename=\"no-chat-1.json\"");
    assertThat(file.headers().firstValue("cache-control")).hasValue("no-store");
  }

  @Test
  void aFileOfAnotherVersionThanWasShownIsNone() {
    office.runtime().policies().save(Office.ROOT, DataPolicy.named("no-chat").build(), 1);

    assertThat(root.open(FILE + "&version=1").statusCode()).isEqualTo(409);
    assertThat(root.open(FILE.replace("no-chat", "none")).statusCode()).isEqualTo(404);
    assertThat(office.browserOf("ada").open(FILE).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "administration/policies/edit?name=no-chat",
        "administration/policies/delete?name=no-chat"
      })
  void whereAPolicyIsChangedOrDeletedItCanBeKept(String page) {
    assertThat(root.open(page).body())
        .contains("Earlier versions are not stored.", "keep version 1 as a file")
        .contains(FILE + "&amp;version=1");
  }
}
