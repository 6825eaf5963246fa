package dev.connectorsdk.signing;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Blob service of Azure Storage, as an author would write it. */
final class AzureBlobs {

  record Container(String container) {}

  record BlobName(String container, String name) {}

  record Prefix(String container, @Nullable String prefix) {}

  /** Content in Base64, since JSON knows no bytes. */
  record NewBlob(
      String container, String name, String type, String content, Map<String, String> metadata) {}

  record Blob(@Nullable String type, String content, @Nullable String note) {}

  private static final Pattern NAME = Pattern.compile("<Name>([^<]*)</Name>");

  static final Action<Container, Nothing> CREATE_CONTAINER =
      Action.builder("createContainer", Effect.IDEMPOTENT_WRITE, Container.class)
          .run(
              (in, call) ->
                  call.http().put("/{c}", in.container()).query("restype", "container").send());

  static final Action<NewBlob, Nothing> PUT_BLOB =
      Action.builder("putBlob", Effect.IDEMPOTENT_WRITE, NewBlob.class)
          .run(
              (in, call) -> {
                HttpCall put = call.http().put("/{c}/{b}", in.container(), in.name());
                in.metadata().forEach((name, value) -> put.header("x-ms-meta-" + name, value));
                put.header("x-ms-blob-type", "BlockBlob")
                    .bytes(Base64.getDecoder().decode(in.content()), in.type())
                    .send();
              });

  static final Action<BlobName, Blob> GET_BLOB =
      Action.builder("getBlob", Effect.READ, BlobName.class, Blob.class)
          .run(
              (in, call) -> {
                HttpResponse blob = call.http().get("/{c}/{b}", in.container(), in.name()).send();
                return new Blob(
                    blob.contentType(),
                    Base64.getEncoder().encodeToString(blob.bytes()),
                    blob.header("x-ms-meta-note"));
              });

  static final Action<Prefix, List<String>> LIST_BLOBS =
      Action.builder("listBlobs", Effect.READ, Shape.of(Prefix.class), Shape.listOf(String.class))
          .run(
              (in, call) -> {
                HttpCall list = call.http().get("/{c}", in.container());
                list.query("restype", "container").query("comp", "list");
                String xml =
                    list.query("prefix", in.prefix()).query("maxresults", 50).send().text();
                return NAME.matcher(xml)
                    .results()
                    .map((MatchResult name) -> name.group(1))
                    .toList();
              });

  static final Action<BlobName, Nothing> DELETE_BLOB =
      Action.builder("deleteBlob", Effect.DESTRUCTIVE, BlobName.class)
          .run((in, call) -> call.http().delete("/{c}/{b}", in.container(), in.name()).send());

  static final Connector CONNECTOR =
      Connector.builder("azure-blobs", "{endpoint}")
          .titled("Azure Blob Storage")
          .parameter(ConnectionParameter.text("endpoint").titled("Blob endpoint"))
          .auth(AuthOption.azureSharedKey(AzureSharedKeyScheme.blob()))
          .action(CREATE_CONTAINER)
          .action(PUT_BLOB)
          .action(GET_BLOB)
          .action(LIST_BLOBS)
          .action(DELETE_BLOB)
          .test(
              call -> {
                call.http().get("/").query("comp", "list").query("maxresults", 1).send();
                return Account.of(call.http().baseUrl().toString());
              })
          .build();

  private AzureBlobs() {}
}
