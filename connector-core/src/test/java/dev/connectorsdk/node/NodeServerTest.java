package dev.connectorsdk.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.connectorsdk.fixtures.NodeServer;
import java.net.HttpURLConnection;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NodeServer.Installed.class)
class NodeServerTest {

  @Test
  void startsAServerOnAPortOfItsOwnAndEndsIt() throws Exception {
    NodeServer first = Azurite.blob();
    try (NodeServer second = Azurite.blob()) {
      assertThat(status(first.url())).isGreaterThanOrEqualTo(400);
      assertThat(second.url()).isNotEqualTo(first.url());
    } finally {
      first.close();
    }

    assertThatIOException().isThrownBy(() -> status(first.url()));
  }

  @Test
  void aServerThatDoesNotStartSaysWhy() {
    assertThatIOException()
        .isThrownBy(() -> NodeServer.start("no-such-script.cjs"))
        .withMessageContaining("Cannot find module");
  }

  private static int status(String url) throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create(url + "/devstoreaccount1?comp=list").toURL().openConnection();
    return connection.getResponseCode();
  }
}
