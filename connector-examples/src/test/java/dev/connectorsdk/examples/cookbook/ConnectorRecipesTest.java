package dev.connectorsdk.examples.cookbook;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.JsonMember;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.testkit.ConnectorTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The recipes for authors of connectors. */
class ConnectorRecipesTest {

  private static final String PRINTER = "{\"id\": \"7\", \"title\": \"The printer is on fire\"}";

  record Ticket(String id, String title) {}

  record TicketId(String id) {}

  // tag::patch-null[]
  record Changes(JsonMember<String> title, JsonMember<String> assignee) {}

  record Change(String ticket, Changes changes) {}

  static final Action<Change, Ticket> CHANGE =
      Action.builder("changeTicket", Effect.IDEMPOTENT_WRITE, Change.class, Ticket.class)
          .run(
              (change, call) ->
                  call.http()
                      .patch("/tickets/{id}", change.ticket())
                      .json(change.changes())
                      .header("Content-Type", "application/merge-patch+json")
                      .fetch(Ticket.class));

  /** Nobody is assigned any more; the title stays. */
  static final Changes UNASSIGN = new Changes(JsonMember.absent(), JsonMember.ofNull());

  // end::patch-null[]

  // tag::etag[]
  record Read(Ticket ticket, @Nullable String etag) {}

  record Replacement(Ticket ticket, String etag) {}

  static final Action<TicketId, Read> READ =
      Action.builder("readTicket", Effect.READ, TicketId.class, Read.class)
          .run(
              (ticket, call) -> {
                HttpResponse answer = call.http().get("/tickets/{id}", ticket.id()).send();
                return new Read(answer.as(Ticket.class), answer.header("ETag"));
              });

  static final Action<Replacement, Nothing> REPLACE =
      Action.builder("replaceTicket", Effect.WRITE, Replacement.class)
          .run(
              (replacement, call) ->
                  call.http()
                      .put("/tickets/{id}", replacement.ticket().id())
                      .header("If-Match", replacement.etag())
                      .json(replacement.ticket())
                      .send());

  // end::etag[]

  // tag::polymorphic[]
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({@JsonSubTypes.Type(Comment.class), @JsonSubTypes.Type(Closed.class)})
  sealed interface Entry permits Comment, Closed {}

  @JsonTypeName("comment")
  record Comment(String text) implements Entry {}

  @JsonTypeName("closed")
  record Closed(String by) implements Entry {}

  static final Action<TicketId, List<Entry>> HISTORY =
      Action.builder("history", Effect.READ, Shape.of(TicketId.class), Shape.listOf(Entry.class))
          .run(
              (ticket, call) ->
                  call.http().get("/tickets/{id}/history", ticket.id()).fetchList(Entry.class));

  // end::polymorphic[]

  // tag::pages[]
  static final Action<Nothing, List<String>> OVERDUE =
      Action.builder("overdue", Effect.READ, Shape.of(Nothing.class), Shape.listOf(String.class))
          .run(
              (nothing, call) ->
                  call.http()
                      .get("/tickets")
                      .query("limit", 100)
                      .pages(Paging.linkHeader(), "", Ticket.class)
                      .filter(ticket -> ticket.title().startsWith("Overdue"))
                      .map(Ticket::id)
                      .limit(1_000)
                      .toList());

  // end::pages[]

  // tag::body-key[]
  record Payment(int cents, @Nullable String requestId) {}

  static final Action<Payment, Ticket> PAY =
      Action.builder("pay", Effect.WRITE, Payment.class, Ticket.class)
          .idempotencyHeader("X-Request-Id")
          .run(
              (payment, call) -> {
                String key = call.idempotencyKey().orElseThrow();
                var body = new Payment(payment.cents(), key);
                return call.http().post("/payments").json(body).fetch(Ticket.class);
              });

  // end::body-key[]

  // tag::slow[]
  static final Action<Nothing, Ticket> SLOW =
      Action.builder("slowReport", Effect.READ, Nothing.class, Ticket.class)
          .run(
              (nothing, call) ->
                  call.http().get("/report").timeout(Duration.ofSeconds(50)).fetch(Ticket.class));

  // end::slow[]

  private static final Connector DESK =
      Connector.builder("desk", "https://desk.example/api")
          .auth(AuthOption.apiKeyHeader("X-Api-Key"))
          .action(CHANGE)
          .action(READ)
          .action(REPLACE)
          .action(HISTORY)
          .action(OVERDUE)
          .action(PAY)
          .action(SLOW)
          .build();

  @RegisterExtension final ConnectorTest desk = ConnectorTest.of(DESK);

  @Test
  void aPatchSendsNullWhereItIsMeantAndLeavesOutWhatStays() {
    desk.service().answer(patch("/api/tickets/7"), okJson(PRINTER));

    desk.invoke(CHANGE, new Change("7", UNASSIGN));

    desk.service()
        .verify(
            1,
            patchRequestedFor(urlEqualTo("/api/tickets/7"))
                .withHeader("Content-Type", equalTo("application/merge-patch+json"))
                .withRequestBody(equalToJson("{\"assignee\": null}")));
  }

  @Test
  void whatHasChangedSinceItWasReadIsNotReplaced() {
    desk.service().answer(get("/api/tickets/7"), okJson(PRINTER).withHeader("ETag", "\"v1\""));
    desk.service()
        .answerInTurn(
            put("/api/tickets/7").withHeader("If-Match", equalTo("\"v1\"")),
            noContent(),
            status(412));

    Read read = desk.invoke(READ, new TicketId("7"));
    var replacement = new Replacement(read.ticket(), read.etag());

    assertThat(desk.invoke(REPLACE, replacement)).isEqualTo(Nothing.NOTHING);
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> desk.invoke(REPLACE, replacement))
        .returns(412, ServiceException::status);
  }

  @Test
  void anAnswerOfSeveralFormsIsRecords() {
    desk.service()
        .answerInTurn(
            get("/api/tickets/7/history"),
            okJson(
                "[{\"kind\": \"comment\", \"text\": \"Hm\"}, {\"kind\": \"closed\", \"by\": \"Ada\"}]"),
            okJson("[{\"kind\": \"merged\"}]"));

    assertThat(desk.invoke(HISTORY, new TicketId("7")))
        .containsExactly(new Comment("Hm"), new Closed("Ada"));
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> desk.invoke(HISTORY, new TicketId("7")))
        .withMessageContaining("/0");
  }

  @Test
  void pagesAreFilteredWhileTheyAreRead() {
    String page = "[{\"id\": \"%s\", \"title\": \"%s\"}]";
    desk.service()
        .answer(
            get("/api/tickets?limit=100"),
            okJson(page.formatted("1", "Overdue: toner"))
                .withHeader("Link", "<https://desk.example/api/tickets?page=2>; rel=\"next\""));
    desk.service().answer(get("/api/tickets?page=2"), okJson(page.formatted("2", "New: paper")));

    assertThat(desk.invoke(OVERDUE, Nothing.NOTHING)).containsExactly("1");
  }

  @Test
  void aWriteWithAKeyIsRepeatedWithTheSameKeyInItsBody() {
    desk.service().answerInTurn(post("/api/payments"), serverError(), okJson(PRINTER));

    desk.invoke(PAY, new Payment(500, null));

    List<String> bodies = new ArrayList<>();
    desk.service()
        .requests(postRequestedFor(urlEqualTo("/api/payments")))
        .forEach(request -> bodies.add(request.getBodyAsString()));
    assertThat(bodies).hasSize(2).allMatch(body -> body.contains("requestId"));
    assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
  }

  @Test
  void aRequestMayHaveATimeLimitOfItsOwn() {
    desk.service().answer(get("/api/report"), okJson(PRINTER));

    assertThat(desk.invoke(SLOW, Nothing.NOTHING).id()).isEqualTo("7");
  }

  // tag::test-401[]
  @Test
  void aRefusedKeyIsToldToItsOwner() {
    desk.service().answer(get("/api/tickets/7"), unauthorized());

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> desk.invoke("readTicket", Map.of("id", "7")))
        .returns(AuthenticationException.Reason.REJECTED, AuthenticationException::reason)
        .returns(true, AuthenticationException::userMustAct);
  }
  // end::test-401[]
}
