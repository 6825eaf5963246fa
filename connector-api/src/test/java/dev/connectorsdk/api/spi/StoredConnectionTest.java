package dev.connectorsdk.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredConnectionTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(60);

  private final StoredConnection first =
      new StoredConnection(
          new Identity(
              ConnectionId.of("c1"),
              ConnectorId.of("mail"),
              Environment.of("prod"),
              Principal.user("ada")),
          new Settings("Mail", "oauth", "{}", NOON),
          new Access(ConnectionStatus.connected(NOON), Account.of("4711"), List.of("read"), null),
          Revision.first(NOON));

  @Test
  void theNextVersionIsTheSameConnectionSomewhatLater() {
    StoredConnection next = first.next(LATER);

    assertThat(next.revision()).isEqualTo(new Revision(2, NOON, LATER));
    assertThat(next.identity()).isEqualTo(first.identity());
    assertThat(next.settings()).isEqualTo(first.settings());
    assertThat(next.access()).isEqualTo(first.access());
  }

  @Test
  void otherSettingsAndAnotherAccessLeaveTheVersionAsItIs() {
    StoredConnection changed =
        first
            .with(first.settings().withParameters("{\"a\":1}").withCredentialExpiresAt(null))
            .with(
                first
                    .access()
                    .withStatus(ConnectionStatus.connected(LATER))
                    .withAccount(Account.of("4712")));

    assertThat(changed)
        .isEqualTo(
            new StoredConnection(
                first.identity(),
                new Settings("Mail", "oauth", "{\"a\":1}", null),
                new Access(
                    ConnectionStatus.connected(LATER), Account.of("4712"), List.of("read"), null),
                first.revision()));
  }

  @Test
  void aScopeIsOneWord() {
    for (String bad : List.of("", "read write", "read\n")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Access(ConnectionStatus.connected(NOON), null, List.of(bad), null))
          .withMessage("A scope must not be empty or hold blanks");
    }
  }

  @Test
  void aCredentialIsBoundToItsConnectionSlotAndVersion() {
    assertThat(new StoredCredential(first.id(), "tokens", 7, "k1", "sealed").place())
        .isEqualTo(new SecretCipher.Place("c1", "tokens", 7));
  }
}
