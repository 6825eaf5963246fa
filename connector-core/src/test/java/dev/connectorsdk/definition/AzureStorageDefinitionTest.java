package dev.connectorsdk.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.node.Azurite;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Definitions against Azurite, the emulator of Azure Storage, which checks every signature. They
 * are our own: no published one is for a service with Shared Key, which the host adds here.
 */
@ExtendWith(NodeServer.Installed.class)
class AzureStorageDefinitionTest {

  private static final Caller ADA = Principal.user("ada").in("dev");

  private static NodeServer blobs;
  private static NodeServer tables;
  private static ConnectorRuntime runtime;

  @BeforeAll
  static void connect() throws Exception {
    blobs = Azurite.blob();
    tables = Azurite.table();
    runtime =
        ConnectorRuntime.builder()
            .addressPolicy(AddressPolicy.allowAll())
            .connector(load("blobs", blobs, AzureSharedKeyScheme.blob()).connector())
            .connector(load("tables", tables, AzureSharedKeyScheme.table()).connector())
            .build();
    for (String connector : List.of("blobs", "tables")) {
      Connection connection = runtime.connections().create(ADA, account(connector, Azurite.KEY));
      assertThat(connection.status().isConnected()).isTrue();
    }
    call("CreateContainer", Map.of("container", "documents"));
    call("CreateTable", Map.of("table", Map.of("TableName", "parcels")));
  }

  @AfterAll
  static void stop() {
    if (runtime != null) {
      runtime.close();
    }
    for (NodeServer server : new NodeServer[] {blobs, tables}) {
      if (server != null) {
        server.close();
      }
    }
  }

  private static Definition load(String name, NodeServer server, AzureSharedKeyScheme scheme) {
    LoadOptions options =
        LoadOptions.standard()
            .authOption(AuthOption.azureSharedKey(scheme))
            .overlay(Overlay.none().baseUrl(server.url() + "/" + Azurite.ACCOUNT));
    return Definition.load(
        Path.of("src/test/resources/definitions", name), ConnectorId.of(name), options);
  }

  private static ConnectionSpec account(String connector, String key) {
    return ConnectionSpec.of(connector, "sharedKey")
        .with("account_name", Azurite.ACCOUNT)
        .secret("access_key", Secret.of(key));
  }

  private static JsonNode call(String operation, Map<String, ?> input) {
    boolean ofTables = operation.contains("Table") || operation.contains("Entit");
    String connector = ofTables ? "tables" : "blobs";
    return runtime.invoke(
        ADA, ConnectionReference.invoker("my-" + connector, connector), operation, input);
  }

  private static void put(String name, String type, byte[] content) {
    Map<String, String> file =
        Map.of("$content-type", type, "$content", Base64.getEncoder().encodeToString(content));
    call(
        "PutBlob",
        Map.of(
            "container", "documents", "blob", name, "content", file, "x-ms-meta-note", "a  note"));
  }

  private static JsonNode blob(String operation, String name) {
    return call(operation, Map.of("container", "documents", "blob", name));
  }

  @ParameterizedTest
  @MethodSource("dev.connectorsdk.node.Azurite#blobNames")
  void aBlobOfAnyNameIsPutReadAndDeleted(String name) {
    byte[] content = {'G', 0, (byte) 0xFF, '\r', '\n'};
    put(name, "image/x-any", content);

    JsonNode read = blob("GetBlob", name);

    assertThat(Base64.getDecoder().decode(read.at("/body/$content").asString())).isEqualTo(content);
    assertThat(read.at("/body/$content-type").asString()).isEqualTo("image/x-any");
    assertThat(read.at("/headers/x-ms-meta-note").asString()).isEqualTo("a  note");
    assertThat(blob("DeleteBlob", name).path("statusCode").asInt()).isEqualTo(202);
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> blob("GetBlob", name))
        .satisfies(e -> assertThat(e.status()).isEqualTo(404))
        .satisfies(e -> assertThat(e.body()).contains("BlobNotFound"));
  }

  @Test
  void blobsAreListedByPrefixAndPage() {
    for (String name : List.of("list/a b", "list/a+c", "other")) {
      put(name, "text/plain", name.getBytes(UTF_8));
    }

    assertThat(list(Map.of("container", "documents", "prefix", "list/")))
        .contains("<Name>list/a b</Name>", "<Name>list/a+c</Name>")
        .doesNotContain("other");
    assertThat(list(Map.of("container", "documents", "prefix", "list/a+")))
        .contains("<Name>list/a+c</Name>")
        .doesNotContain("list/a b");
    assertThat(list(Map.of("container", "documents", "prefix", "list/", "maxresults", 1)))
        .containsPattern("<NextMarker>[^<]+</NextMarker>");
    assertThat(list(Map.of("container", "documents", "prefix", "x&comp=acl")))
        .doesNotContain("<Name>");
  }

  private static String list(Map<String, ?> input) {
    JsonNode xml = call("ListBlobs", input).path("body");
    assertThat(xml.path("$content-type").asString()).startsWith("application/xml");
    return new String(Base64.getDecoder().decode(xml.path("$content").asString()), UTF_8);
  }

  @Test
  void aContainerIsMadeAndDeletedOnce() {
    call("CreateContainer", Map.of("container", "short-lived"));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> call("CreateContainer", Map.of("container", "short-lived")))
        .satisfies(e -> assertThat(e.status()).isEqualTo(409));
    assertThat(
            call("DeleteContainer", Map.of("container", "short-lived")).path("statusCode").asInt())
        .isEqualTo(202);
  }

  @Test
  void anEntityIsInsertedFoundAndDeleted() {
    Map<String, Object> parcel =
        Map.of(
            "PartitionKey", "north sea", "RowKey", "it's 1 & only", "weight", 7, "fragile", true);
    Map<String, Object> found =
        Map.of("table", "parcels", "$filter", "RowKey eq 'it''s 1 & only' and weight ge 7");

    call("InsertEntity", Map.of("table", "parcels", "entity", parcel));

    JsonNode entity = call("QueryEntities", found).at("/body/value/0");
    assertThat(entity.path("weight").asInt()).isEqualTo(7);
    assertThat(entity.path("fragile").asBoolean()).isTrue();
    call(
        "DeleteEntity",
        Map.of("table", "parcels", "partition", "north sea", "row", "it''s 1 & only"));
    assertThat(call("QueryEntities", found).at("/body/value")).isEmpty();
  }

  @Test
  void aTableIsListedAndDeleted() {
    call("CreateTable", Map.of("table", Map.of("TableName", "orders")));

    assertThat(tableNames()).contains("orders", "parcels");
    call("DeleteTable", Map.of("table", "orders"));
    assertThat(tableNames()).contains("parcels").doesNotContain("orders");
  }

  private static List<String> tableNames() {
    return call("ListTables", Map.of()).at("/body/value").findValuesAsString("TableName");
  }

  @Test
  void aWrongKeyIsRejected() {
    Caller bob = Principal.user("bob").in("dev");
    String wrong = Base64.getEncoder().encodeToString("wrong key".getBytes(UTF_8));

    for (String connector : List.of("blobs", "tables")) {
      assertThat(runtime.connections().create(bob, account(connector, wrong)).status().reason())
          .isEqualTo(ConnectionStatus.Reason.CREDENTIALS_REJECTED);
    }
  }
}
