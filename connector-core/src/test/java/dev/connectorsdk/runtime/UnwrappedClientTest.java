package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.UnwrappedCallEnded;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.reference.Resolution;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that calls a service by other means than actions, on a connection that it resolved. */
@Timeout(60)
class UnwrappedClientTest extends HostTest {

  private static final String OPERATION = "report-tool";

  private OkHttpClient unwrapped() {
    return resolved().unwrap(OkHttpClient.class, OPERATION, Effect.READ);
  }

  private Resolution resolved() {
    return runtime.references().resolve(ADA, MINE);
  }

  private static Request request(String url) {
    return new Request.Builder().url(url).build();
  }

  private static String send(OkHttpClient client, String url) throws IOException {
    try (Response response = client.newCall(request(url)).execute()) {
      return response.body().string();
    }
  }

  private void theServiceAnswers() {
    service.stubFor(get("/report").willReturn(okJson("{\"rows\":3}")));
  }

  @Test
  void sendsTheConnectionsCredentialToTheConnectionsService() throws Exception {
    theServiceAnswers();
    connect(ADA, "ada-key");

    Resolution resolved = resolved();
    OkHttpClient client = resolved.unwrap(OkHttpClient.class, OPERATION, Effect.READ);
    service.verify(0, anyRequestedFor(anyUrl()));

    assertThat(send(client, resolved.baseUrl() + "/report")).isEqualTo("{\"rows\":3}");
    service.verify(
        1, getRequestedFor(urlEqualTo("/report")).withHeader("X-Api-Key", equalTo("ada-key")));
  }

  @Test
  void eachRequestIsACallThatListenersHearOf() throws Exception {
    theServiceAnswers();
    service.stubFor(get("/broken").willReturn(serverError()));
    Connection connection = connect(ADA, "ada-key");
    OkHttpClient client = resolved().unwrap(OkHttpClient.class, OPERATION, Effect.IDEMPOTENT_WRITE);

    send(client, url() + "/report");
    send(client, url() + "/broken");

    assertThat(heard(UnwrappedCallEnded.class))
        .hasSize(2)
        .allSatisfy(
            call -> {
              assertThat(call.caller()).isEqualTo(ADA);
              assertThat(call.reference()).isEqualTo(MINE);
              assertThat(call.connection()).isEqualTo(connection.id());
              assertThat(call.operation()).isEqualTo(OPERATION);
              assertThat(call.effect()).isEqualTo(Effect.IDEMPOTENT_WRITE);
              assertThat(call.error()).isNull();
            });
  }

  @Test
  @Tag("E5")
  void noRequestLeavesTheHostsOfTheConnection() {
    connect(ADA, "ada-key");
    OkHttpClient client = unwrapped();

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> send(client, "https://elsewhere.example/report"));

    assertThat(heard(UnwrappedCallEnded.class))
        .singleElement()
        .extracting(UnwrappedCallEnded::error)
        .isEqualTo("HostNotAllowedException");
  }

  @Test
  @Tag("I1")
  void aClientThatIsKeptSendsNothingOnceItsConnectionIsGone() {
    theServiceAnswers();
    Connection connection = connect(ADA, "ada-key");
    OkHttpClient client = unwrapped();
    runtime.connections().delete(ADA, connection.id());

    assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
        .isThrownBy(() -> send(client, url() + "/report"));

    service.verify(0, anyRequestedFor(anyUrl()));
    assertThat(heard(UnwrappedCallEnded.class))
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.connection()).isNull();
              assertThat(call.error()).isEqualTo("ConnectionRequired");
            });
  }

  @Test
  void aClientThatIsKeptGoesOnWithTheConnectionThatTheReferenceLeadsToByThen() throws Exception {
    theServiceAnswers();
    Connection first = connect(ADA, "first-key");
    OkHttpClient client = unwrapped();
    Connection second = connect(ADA, "second-key");
    runtime.references().bind(ADA, MINE, second.id());

    send(client, url() + "/report");

    service.verify(
        1, getRequestedFor(urlEqualTo("/report")).withHeader("X-Api-Key", equalTo("second-key")));
    assertThat(first.id()).isNotEqualTo(second.id());
  }

  @Test
  void aCallThatIsCancelledEnds() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (LocalServer silent =
            new LocalServer(
                client -> {
                  client.getInputStream().read();
                  arrived.countDown();
                  client.getInputStream().readAllBytes();
                });
        ConnectorRuntime own =
            ConnectorRuntime.builder()
                .connector(Tickets.builder("http://localhost:" + silent.port()).build())
                .build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      Resolution resolved = own.references().resolve(ADA, MINE);
      Call call =
          resolved
              .unwrap(OkHttpClient.class, OPERATION, Effect.READ)
              .newCall(request(resolved.baseUrl() + "/report"));
      CompletableFuture<Response> answer = new CompletableFuture<>();
      call.enqueue(
          new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
              answer.completeExceptionally(e);
            }

            @Override
            public void onResponse(Call answered, Response response) {
              answer.complete(response);
            }
          });
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

      call.cancel();

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
          .withCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void aRuntimeThatIsClosedSendsNothingMore() {
    theServiceAnswers();
    connect(ADA, "ada-key");
    OkHttpClient client = unwrapped();
    runtime.close();

    assertThatExceptionOfType(Exception.class).isThrownBy(() -> send(client, url() + "/report"));

    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void theHostNamesWhatItDoes() {
    connect(ADA, "ada-key");
    Resolution resolved = resolved();

    for (String bad : List.of("", " ", "a\nb", "x".repeat(201))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> resolved.unwrap(OkHttpClient.class, bad, Effect.READ))
          .withMessageStartingWith("An operation has 1 to 200 characters");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolved.unwrap(String.class, OPERATION, Effect.READ))
        .withMessageContaining("okhttp3.OkHttpClient, not a java.lang.String");
  }
}
