package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.definition.RawWebhooks.Webhook;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.DefinitionNames;
import dev.connectorsdk.internal.schema.JsonSettings;
import dev.connectorsdk.internal.schema.Schemas;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * The webhook triggers of published definitions: each is subscribed at a service that is played
 * from the file itself, gets a delivery, and is unsubscribed where the file has a DELETE whose
 * arguments a Location can name. Scripts are not in these folders; in their place a port sends what
 * it gets.
 */
@ExtendWith(Corpus.Present.class)
class CorpusWebhookTest {

  private static final URI CALLBACK = URI.create("https://host.example/hooks/9f3a.7c");
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
    for (Webhook webhook : webhooks) {
      String problem;
      try {
        problem = play(definition, raw, webhook);
      } catch (Exception e) {
        problem = e.toString();
      }
      scripted(directory, webhook.id());
      if (problem != null) {
        missed.add(definition.connector().id() + " " + webhook.id() + ": " + problem);
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
  private String play(Definition definition, RawWebhooks raw, Webhook webhook) throws Exception {
    WebhookTrigger<JsonNode, JsonNode> trigger =
        (WebhookTrigger<JsonNode, JsonNode>)
            definition.connector().trigger(webhook.id()).orElseThrow();
    JsonNode configuration = configuration(trigger, webhook);
    String path = webhook.remover() == null ? null : filled(webhook.remover());
    location = path == null ? null : raw.location(path);
    var callback = new WebhookTrigger.Callback(CALLBACK, Secret.of("unused"));
    Registration registration =
        (Registration)
            run(definition, context -> trigger.subscribe(configuration, callback, context));
    String problem = subscribed(webhook);
    if (problem == null) {
      problem = fired(trigger, raw.sample(webhook.content()));
    }
    if (problem != null) {
      return problem;
    }
    arrived++;
    run(
        definition,
        context -> {
          if (registration.id().isEmpty()) {
            assertThatExceptionOfType(OperationUnsupportedException.class)
                .isThrownBy(() -> trigger.unsubscribe(registration, context));
          } else {
            trigger.unsubscribe(registration, context);
          }
          return "";
        });
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

  private String subscribed(Webhook webhook) {
    for (Request request : sent) {
      JsonNode at = body(request);
      for (String member : webhook.mark()) {
        at = at.path(member);
      }
      if (at.asString("").equals(CALLBACK.toString())) {
        return null;
      }
    }
    return "no request with the callback at " + webhook.mark() + " among " + sent;
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

  private static String fired(WebhookTrigger<JsonNode, JsonNode> trigger, JsonNode sample)
      throws Exception {
    byte[] body = sample.toString().getBytes(StandardCharsets.UTF_8);
    Delivery delivery =
        new Delivery("POST", Map.of("content-type", List.of("application/json")), null, body);
    Received<JsonNode> received = trigger.receive(delivery);
    List<Event<JsonNode>> events = ((Received.Events<JsonNode>) received).events();
    if (events.size() != 1 || !events.get(0).payload().equals(sample)) {
      return "sent " + sample + ", but got " + events;
    }
    new Schemas(JsonSettings.newMapper())
        .validatorFor(trigger.event())
        .read(trigger.id(), events.get(0).payload());
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

  private Object run(Definition definition, CorpusContext.Work work) {
    sent.clear();
    return CorpusContext.run(definition, network, work);
  }
}
