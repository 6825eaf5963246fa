package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.connection.ConnectionSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An author says what a body is, where the service wants to hear more than what it is made of. */
class ContentTypeTest extends HostTest {

  private static final Map<String, String> PATCH = Map.of("title", "Größe");
  private static final List<Part> PARTS = List.of(Part.text("note", "n"));

  private UnaryOperator<HttpCall> body = call -> call;

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .action(
            Action.builder("patch", Effect.WRITE, Nothing.class)
                .run((in, call) -> body.apply(call.http().callEncoded("PATCH", "/1")).send()))
        .build();
  }

  @BeforeEach
  void connect() {
    service.stubFor(any(anyUrl()).willReturn(noContent()));
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
  }

  private void patch(UnaryOperator<HttpCall> body) {
    this.body = body;
    runtime.invoke(ADA, MINE, "patch", Map.of());
  }

  private LoggedRequest sent() {
    return service.findAll(anyRequestedFor(anyUrl())).get(0);
  }

  @Test
  @DisplayName("A header Content-Type says what JSON is, wherever it is set")
  void ofJson() {
    String type = "application/merge-patch+json";

    patch(call -> call.header("content-type", type).json(PATCH));
    patch(call -> call.json(PATCH).header("Content-Type", type));

    assertThat(service.findAll(anyRequestedFor(anyUrl())))
        .hasSize(2)
        .allSatisfy(
            request -> {
              assertThat(request.header("Content-Type").values()).containsExactly(type);
              assertThat(request.getBodyAsString()).isEqualTo("{\"title\":\"Größe\"}");
            });
  }

  @Test
  @DisplayName("A type may name UTF-8, and parameters of its own")
  void withParameters() {
    patch(call -> call.json(PATCH).header("Content-Type", "application/json; odata=verbose"));

    assertThat(sent().getHeader("Content-Type")).isEqualTo("application/json; odata=verbose");
  }

  @Test
  @DisplayName("A header that was set and is left out again leaves the body its own type")
  void leftOutAgain() {
    patch(
        call -> call.json(PATCH).header("Content-Type", "text/plain").header("Content-Type", null));

    assertThat(sent().getHeader("Content-Type")).isEqualTo("application/json");
  }

  @Test
  @DisplayName("A type that would make something else of the body is refused, and nothing is sent")
  void refused() {
    String latin = "text/plain; charset=ISO-8859-1";
    List<UnaryOperator<HttpCall>> wrong =
        List.of(
            call -> call.text("Größe", latin),
            call -> call.json(PATCH).header("Content-Type", latin),
            call -> call.form(PATCH).header("Content-Type", latin),
            call -> call.multipart(PARTS).header("Content-Type", "multipart/form-data"),
            call -> call.multipart(PARTS).header("Content-Type", "multipart/form-data;boundary=b"),
            call -> call.json(PATCH).header("Content-Type", "no type"));

    assertThat(wrong)
        .allSatisfy(
            body ->
                assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> patch(body))
                    .withMessageContaining("Content-Type"));

    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("Text that is encoded already is sent as its type says")
  void encodedAlready() {
    byte[] latin = "Größe".getBytes(StandardCharsets.ISO_8859_1);

    patch(call -> call.bytes(latin, "text/plain; charset=ISO-8859-1"));

    assertThat(sent().getBody()).isEqualTo(latin);
  }
}
