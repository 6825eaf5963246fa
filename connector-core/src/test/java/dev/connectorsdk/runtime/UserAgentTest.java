package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import java.io.IOException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host tells services who calls them. */
class UserAgentTest extends HostTest {

  private static final String HOST = "Example-App/2.1 (+https://example.com/bot)";

  private static final Action<Nothing, Nothing> SENT =
      Action.builder("sent", Effect.READ, Nothing.class)
          .run((in, call) -> call.http().get("/plain").send());
  private static final Action<Nothing, Nothing> NAMED =
      Action.builder("named", Effect.READ, Nothing.class)
          .run((in, call) -> call.http().get("/named").header("User-Agent", "plugin").send());

  @Override
  Connector connector() {
    return Tickets.builder(url()).action(SENT).action(NAMED).build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.userAgent(HOST);
  }

  private static List<String> agents(String path) {
    return service.findAll(anyRequestedFor(anyUrl())).stream()
        .filter(request -> request.getUrl().startsWith(path))
        .map((LoggedRequest request) -> request.getHeader("User-Agent"))
        .toList();
  }

  @Test
  void requestsSayWhatTheHostIsCalledUnlessTheySaySomethingElse() throws IOException {
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"access_token\":\"t\"}")));
    runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "app")
                .secret("client_secret", Secret.of("s3cret")));

    runtime.invoke(ADA, MINE, SENT, Nothing.NOTHING);
    runtime.invoke(ADA, MINE, NAMED, Nothing.NOTHING);
    OkHttpClient tool =
        runtime.references().resolve(ADA, MINE).unwrap(OkHttpClient.class, "tool", Effect.READ);
    tool.newCall(new Request.Builder().url(url() + "/tool").build()).execute().close();
    tool.newCall(new Request.Builder().url(url() + "/own").header("User-Agent", "x").build())
        .execute()
        .close();

    assertThat(agents("/token")).containsOnly(HOST);
    assertThat(agents("/plain")).containsExactly(HOST);
    assertThat(agents("/named")).containsExactly("plugin");
    assertThat(agents("/tool")).containsExactly(HOST);
    assertThat(agents("/own")).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\r\nX-Admin: 1", "caf\u00e9"})
  void whatNoHeaderCanSayIsRefused(String product) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectorRuntime.builder().userAgent(product));
  }
}
