package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.definition.RawWebhooks.Webhook;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.DefinitionNames;
import dev.connectorsdk.internal.schema.JsonSettings;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The webhook triggers of published definitions: a flow subscribes to each at a service that is
 * played from the file itself, gets a delivery that arrives at the URL which the service was told,
 * and unsubscribes: at the service where the file has a DELETE whose arguments a Location can name,
 * else by a URL that says that it is gone. Scripts are not in these folders; in their place a port
 * sends what it gets.
 */
@ExtendWith(Corpus.Present.class)
class CorpusWebhookTest {

  private static final double TARGET = 0.99;

  private final List<Request> sent = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private final OkHttpClient network =
      new OkHttpClient.Builder().addInterceptor(chain -> answer(chain.request())).build();
  private final List<String> byPort = new ArrayList<>();
  private String location;
  private int all;
  private int arrived;
  private int removed;

  private Response answer(Request request) {
    sent.add(request);
    Response.Builder answer =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(201)
            .message("Created")
            .body(
                ResponseBody.create(
                    "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}",
                    MediaType.get("application/json")));
    if (location != null) {
      answer.header("Location", location);
    }
    return answer.build();
  }

  @Test
  void eachIsSubscribedFiredAndUnsubscribed() throws IOException {
    for (Path directory : Corpus.directories()) {
      try {
        play(directory, RawWebhooks.in(directory));
      } catch (JacksonException unreadable) {
        System.out.println("no JSON, so nobody knows its triggers: " + directory.getFileName());
      }
    }

    System.out.printf(
        "WEBHOOKS: %d triggers, %d subscribed and fired, %d of them unsubscribed%n",
        all, arrived, removed);
    System.out.println(byPort.size() + " of them by a port that sends what it gets:");
    byPort.forEach(line -> System.out.println("    " + line));
    missed.forEach(line -> System.out.println("    " + line));
    assertThat(all).isPositive();
    assertThat(1 - missed.size() / (double) all).isGreaterThanOrEqualTo(TARGET);
  }

  private void play(Path directory, RawWebhooks raw) throws IOException {
    List<Webhook> webhooks = raw.all();
    if (webhooks.isEmpty()) {
      return;
    }
    all += webhooks.size();
    Definition definition;
    try {
      definition =
          Definition.load(
              directory,
              ConnectorId.of(DefinitionNames.sanitised(DefinitionFiles.nameOf(directory), "c")),
              LoadOptions.standard().allowingHost("ea").script(call -> call.send(call.request())));
    } catch (RuntimeException e) {
      webhooks.forEach(w -> missed.add(directory.getFileName() + " " + w.id() + ": " + e));
      return;
    }
    try (CorpusHost host = new CorpusHost(definition, network)) {
      for (Webhook webhook : webhooks) {
        String problem;
        try {
          problem = play(definition, host, raw, webhook);
        } catch (Exception e) {
          problem = e.toString();
        }
        scripted(directory, webhook.id());
        if (problem != null) {
          missed.add(definition.connector().id() + " " + webhook.id() + ": " + problem);
        }
      }
    }
  }

  /** Without its script, which is not in these folders, a trigger runs by a port alone. */
  private void scripted(Path directory, String trigger) {
    Definition plain = Definition.load(directory);
    var support = plain.report().operation(trigger).orElseThrow();
    if (!support.isSupported()) {
      byPort.add(plain.connector().id() + " " + trigger + ": " + support.obstacles());
    }
  }

  @SuppressWarnings("unchecked")
  private String play(Definition definition, CorpusHost host, RawWebhooks raw, Webhook webhook)
      throws Exception {
    WebhookTrigger<JsonNode, JsonNode> trigger =
        (WebhookTrigger<JsonNode, JsonNode>)
            definition.connector().trigger(webhook.id()).orElseThrow();
    String path = webhook.remover() == null ? null : filled(webhook.remover());
    location = path == null ? null : raw.location(path);
    sent.clear();
    Subscription subscription = host.subscribe(webhook.id(), configuration(trigger, webhook));
    URI callback = callback(webhook);
    if (callback == null || subscription.phase() != Phase.ACTIVE) {
      return subscription.lastError() + ": no callback at " + webhook.mark() + " among " + sent;
    }
    String problem = fired(host, callback, trigger, raw.sample(webhook.content()));
    if (problem != null) {
      return problem;
    }
    arrived++;
    sent.clear();
    host.unsubscribe(subscription);
    int afterwards = host.deliver(callback, raw.sample(webhook.content()));
    if (afterwards != (path == null ? 410 : 404)) {
      return "is answered with " + afterwards + " after it has ended: " + sent;
    }
    return unsubscribed(path);
  }

  /** The body is filled in as a form would have people do it, even if it has a default. */
  private static JsonNode configuration(WebhookTrigger<?, ?> trigger, Webhook webhook) {
    ObjectNode schema = (ObjectNode) trigger.configuration().givenSchema();
    if (schema.path("properties").has(webhook.body()) && !schema.has("then")) {
      schema.withArray("/required").add(webhook.body());
    }
    return new ConformingSample(schema).value();
  }

  private static String filled(String template) {
    String path = template;
    for (int i = 1; path.contains("{"); i++) {
      path = path.replaceFirst("\\{[^}]*}", "h7" + i);
    }
    return path;
  }

  /** Returns the URL that the service was told where the file says that it goes. */
  private URI callback(Webhook webhook) {
    for (Request request : sent) {
      JsonNode at = body(request);
      for (String member : webhook.mark()) {
        at = at.path(member);
      }
      if (at.asString("").startsWith(CorpusHost.ADDRESS + "/")) {
        return URI.create(at.asString());
      }
    }
    return null;
  }

  private static JsonNode body(Request request) {
    try {
      Buffer body = new Buffer();
      if (request.body() != null) {
        request.body().writeTo(body);
      }
      return JsonMapper.shared().readTree(body.readUtf8());
    } catch (IOException | JacksonException none) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private static String fired(
      CorpusHost host, URI callback, WebhookTrigger<JsonNode, JsonNode> trigger, JsonNode sample)
      throws IOException {
    int status = host.deliver(callback, sample);
    List<JsonNode> handled = host.handled();
    if (status != trigger.successStatus() || !handled.equals(List.of(sample))) {
      return "sent " + sample + ", but it was answered with " + status + ", and came: " + handled;
    }
    new Schemas(JsonSettings.newMapper())
        .validatorFor(trigger.event())
        .read(trigger.id(), handled.get(0));
    return null;
  }

  private String unsubscribed(String path) {
    if (path == null) {
      return sent.isEmpty() ? null : "asks for something to be removed: " + sent;
    }
    if (sent.isEmpty()) {
      return "was not unsubscribed";
    }
    Request last = sent.get(sent.size() - 1);
    removed++;
    String[] named = path.split("\\?", 2);
    boolean isThere =
        last.url().encodedPath().endsWith(named[0])
            && (named.length == 1
                || ("&" + last.url().encodedQuery() + "&").contains("&" + named[1] + "&"));
    return last.method().equals("DELETE") && isThere
        ? null
        : "removed " + last.method() + " " + last.url() + ", not " + path;
  }
}
