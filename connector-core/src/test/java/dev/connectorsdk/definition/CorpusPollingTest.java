package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.definition.RawPolls.Polled;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.DefinitionNames;
import dev.connectorsdk.internal.schema.JsonSettings;
import dev.connectorsdk.internal.schema.Schemas;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The polling triggers of published definitions: each is polled at a service that is played from
 * the files themselves: something that was there before, something new, and the same again. Scripts
 * are not in these folders; in their place a port sends what it gets.
 */
@ExtendWith(Corpus.Present.class)
class CorpusPollingTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final double TARGET = 0.99;
  private static final int LONGEST = 500;

  private final List<Request> sent = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private final List<String> byPort = new ArrayList<>();
  private final OkHttpClient network =
      new OkHttpClient.Builder().addInterceptor(chain -> answer(chain.request())).build();
  private RawPolls.Answer answer;
  private int comparing;
  private int counting;
  private int fired;

  private Response answer(Request request) {
    boolean isTrigger = !request.url().encodedPath().contains("token");
    if (isTrigger) {
      sent.add(request);
    }
    String body = answer.body() == null ? "" : answer.body().toString();
    Response.Builder response =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(answer.status())
            .message("as played")
            .header("Content-Type", "application/json")
            .body(ResponseBody.create(body, MediaType.get("application/json")));
    if (answer.location() != null) {
      response.header("Location", answer.location());
    }
    return response.build();
  }

  @Test
  void eachIsPolledAndFiresOnce() throws IOException {
    for (Path directory : Corpus.directories()) {
      try {
        play(directory, RawPolls.in(directory));
      } catch (JacksonException unreadable) {
        System.out.println("no JSON, so nobody knows its triggers: " + directory.getFileName());
      }
    }

    System.out.printf(
        "POLLING: %d triggers that compare lists, %d that the service counts for; %d fired once%n",
        comparing, counting, fired);
    System.out.println(byPort.size() + " of them by a port that sends what it gets: " + byPort);
    missed.forEach(line -> System.out.println("    " + line));
    int all = comparing + counting;
    assertThat(all).isPositive();
    assertThat(fired + missed.size()).isEqualTo(all);
    assertThat(1 - missed.size() / (double) all).isGreaterThanOrEqualTo(TARGET);
  }

  private void play(Path directory, RawPolls raw) {
    for (Polled polled : raw.all()) {
      comparing += polled.compares() ? 1 : 0;
      counting += polled.compares() ? 0 : 1;
      String problem;
      try {
        problem = play(directory, polled);
      } catch (Exception e) {
        problem = e.toString();
      }
      if (problem == null) {
        fired++;
      } else {
        String start = problem.substring(0, Math.min(problem.length(), LONGEST));
        missed.add(directory.getFileName() + " " + polled.id() + ": " + start);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private String play(Path directory, Polled polled) {
    Definition definition =
        Definition.load(
            directory,
            ConnectorId.of(DefinitionNames.sanitised(DefinitionFiles.nameOf(directory), "c")),
            LoadOptions.standard().allowingHost("ea").script(call -> call.send(call.request())));
    if (!Definition.load(directory).report().operation(polled.id()).orElseThrow().isSupported()) {
      byPort.add(definition.connector().id() + " " + polled.id());
    }
    PollingTrigger<JsonNode, JsonNode, JsonNode> trigger =
        (PollingTrigger<JsonNode, JsonNode, JsonNode>)
            definition.connector().trigger(polled.id()).orElseThrow();
    JsonNode configuration = new ConformingSample(trigger.configuration().givenSchema()).value();
    JsonNode cursor = null;
    for (RawPolls.Answer played : polled.answers()) {
      answer = played;
      sent.clear();
      Poll<JsonNode, JsonNode> poll = new Poll<>(configuration, cursor, new Start.Now(), 100, NOON);
      Batch<JsonNode, JsonNode> batch =
          (Batch<JsonNode, JsonNode>)
              CorpusContext.run(definition, network, context -> trigger.poll(poll, context));
      String problem = problem(trigger, played, batch);
      if (problem != null) {
        return problem;
      }
      cursor = batch.next();
    }
    return null;
  }

  private String problem(
      PollingTrigger<JsonNode, JsonNode, JsonNode> trigger,
      RawPolls.Answer played,
      Batch<JsonNode, JsonNode> batch) {
    if (sent.size() != 1 || !played.isAskedFor(sent.get(0))) {
      return "asked " + sent + ", not " + played.asked();
    }
    List<JsonNode> payloads = batch.events().stream().map(Event::payload).toList();
    if (!payloads.equals(played.events())) {
      return "sent " + played + ", but got " + payloads;
    }
    for (JsonNode payload : payloads) {
      new Schemas(JsonSettings.newMapper())
          .validatorFor(trigger.event())
          .read(trigger.id(), payload);
    }
    return null;
  }
}
