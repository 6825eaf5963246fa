package dev.connectorsdk.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.node.Azurite;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.signing.AzureBlobs.Blob;
import dev.connectorsdk.signing.AzureBlobs.BlobName;
import dev.connectorsdk.signing.AzureBlobs.Container;
import dev.connectorsdk.signing.AzureBlobs.NewBlob;
import dev.connectorsdk.signing.AzureBlobs.Prefix;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared Key against Azurite, the emulator of Azure Storage, which checks every signature. */
@ExtendWith(NodeServer.Installed.class)
class AzureBlobServiceTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference BLOBS =
      ConnectionReference.invoker("my-blobs", "azure-blobs");

  private static NodeServer azurite;
  private static ConnectorRuntime runtime;
  private static Connection connection;

  @BeforeAll
  static void connect() throws Exception {
    azurite = Azurite.blob();
    runtime =
        ConnectorRuntime.builder()
            .addressPolicy(AddressPolicy.allowAll())
            .connector(AzureBlobs.CONNECTOR)
            .build();
    connection = runtime.connections().create(ADA, account(Azurite.KEY));
    runtime.invoke(ADA, BLOBS, AzureBlobs.CREATE_CONTAINER, new Container("documents"));
  }

  @AfterAll
  static void stop() {
    if (runtime != null) {
      runtime.close();
    }
    if (azurite != null) {
      azurite.close();
    }
  }

  private static ConnectionSpec account(String key) {
    return ConnectionSpec.of("azure-blobs", "sharedKey")
        .with("endpoint", azurite.url() + "/" + Azurite.ACCOUNT)
        .with("account_name", Azurite.ACCOUNT)
        .secret("access_key", Secret.of(key));
  }

  @Test
  void theConnectionIsTested() {
    assertThat(connection.status().isConnected()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("dev.connectorsdk.node.Azurite#blobNames")
  void aBlobOfAnyNameIsPutReadAndDeleted(String name) {
    byte[] content = "Grüße\n".getBytes(UTF_8);
    put(
        name,
        "text/plain; charset=utf-8",
        content,
        Map.of("note", "a note  with spaces", "a_1", "1", "a1", "2"));

    Blob blob = get(name);

    assertThat(Base64.getDecoder().decode(blob.content())).isEqualTo(content);
    assertThat(blob.type()).isEqualTo("text/plain");
    assertThat(blob.note()).isEqualTo("a note  with spaces");
    runtime.invoke(ADA, BLOBS, AzureBlobs.DELETE_BLOB, new BlobName("documents", name));
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> get(name))
        .satisfies(e -> assertThat(e.status()).isEqualTo(404));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000_000})
  void bytesOfAnyLengthComeBack(int length) {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) i;
    }
    put("bytes", "application/octet-stream", content, Map.of());

    assertThat(Base64.getDecoder().decode(get("bytes").content())).isEqualTo(content);
  }

  @Test
  void blobsAreListedByPrefix() {
    for (String name : new String[] {"list/a b", "list/a+c", "list/ä", "other"}) {
      put(name, "text/plain", new byte[] {1}, Map.of());
    }

    assertThat(list("list/")).containsExactlyInAnyOrder("list/a b", "list/a+c", "list/ä");
    assertThat(list("list/a+")).containsExactly("list/a+c");
    assertThat(list("list/ä")).containsExactly("list/ä");
    assertThat(list("nothing&comp=acl")).isEmpty();
  }

  @Test
  void aWrongKeyIsRejected() {
    Caller bob = Principal.user("bob").in("dev");
    String wrong = Base64.getEncoder().encodeToString("wrong key".getBytes(UTF_8));
    Connection refused = runtime.connections().create(bob, account(wrong));
    assertThat(refused.status().reason()).isEqualTo(ConnectionStatus.Reason.CREDENTIALS_REJECTED);

    Caller eve = Principal.user("eve").in("dev");
    runtime.connections().create(eve, account(wrong).untested());
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(
            () -> runtime.invoke(eve, BLOBS, AzureBlobs.GET_BLOB, new BlobName("documents", "x")))
        .withMessageContaining("the service did not accept its credential (status 403)")
        .withMessageNotContaining(wrong)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REJECTED));
  }

  private static void put(String name, String type, byte[] content, Map<String, String> metadata) {
    String base64 = Base64.getEncoder().encodeToString(content);
    runtime.invoke(
        ADA, BLOBS, AzureBlobs.PUT_BLOB, new NewBlob("documents", name, type, base64, metadata));
  }

  private static Blob get(String name) {
    return runtime.invoke(ADA, BLOBS, AzureBlobs.GET_BLOB, new BlobName("documents", name));
  }

  private static List<String> list(String prefix) {
    return runtime.invoke(ADA, BLOBS, AzureBlobs.LIST_BLOBS, new Prefix("documents", prefix));
  }
}
