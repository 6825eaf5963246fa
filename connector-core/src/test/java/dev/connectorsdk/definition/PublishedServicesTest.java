package dev.connectorsdk.definition;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Published definitions, and the services of the world that they name. */
@ExtendWith(Corpus.Present.class)
abstract class PublishedServicesTest {

  static Internet internet;
  static WireMockServer service;
  Published connector;

  /** Sets up the hosts that there are, before all tests. */
  static void internetOf(Path temp, String... hosts) throws Exception {
    internet = new Internet(temp, hosts);
    service = internet.server();
  }

  @AfterAll
  static void close() {
    internet.close();
  }

  @BeforeEach
  void nothingYet() {
    service.resetAll();
  }

  @AfterEach
  void closeConnector() {
    if (connector != null) {
      connector.close();
    }
  }
}
