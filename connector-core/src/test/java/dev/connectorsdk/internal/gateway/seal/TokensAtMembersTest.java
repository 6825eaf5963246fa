package dev.connectorsdk.internal.gateway.seal;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.http.Transports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tokens that a member of a gateway gets inside its network, with a secret that it alone opens. */
@WireMockTest
class TokensAtMembersTest {

  private static final String SERVICE = "https://erp.inside.test";

  @TempDir Path temp;
  private final SettableClock clock = new SettableClock();
  private final Transport transport = Transports.of(new OkHttpClient(), clock);
  private final ExecutorService work = Executors.newCachedThreadPool();
  private final SealingKey gateway = SealingKey.random();
  private final Set<String> closed = new TreeSet<>();
  private String issuer;
  private SealedCredentials member;

  @BeforeEach
  void makeMember(WireMockRuntimeInfo server) {
    issuer = server.getHttpBaseUrl();
    MemberFolder folder = new MemberFolder(temp);
    MemberKeys keys = MemberKeys.loadOrCreate(folder);
    keys.keep(gateway);
    member =
        new SealedCredentials(
            keys,
            new SeenVersions(folder),
            new InsideRequests(transport, (url, caller) -> requireOpen(url), work),
            clock,
            new Random(1));
  }

  private void requireOpen(HttpUrl url) {
    if (closed.contains(url.host())) {
      throw new HostNotAllowedException(url.host(), "not on the list");
    }
  }

  @AfterEach
  void close() {
    transport.close();
    work.shutdownNow();
  }

  private static void issue(String token) {
    stubFor(
        post("/token")
            .willReturn(
                okJson(
                    "{\"access_token\":\""
                        + token
                        + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}")));
  }

  private ObjectNode sealed(String secret, long version, String... origins) {
    Application application =
        new Application(
            OAuth2Scheme.clientCredentials(issuer + "/token").scopes("read"),
            new TreeMap<>(Map.of("client_id", "app")));
    SealedUse use =
        new SealedUse(
            new SealedUse.Owner(ConnectionId.of("c1"), ConnectorId.of("erp")),
            OAuth2Scheme.CLIENT_SECRET,
            version,
            new TreeSet<>(List.of(origins)),
            application);
    ObjectNode auth = JsonNodeFactory.instance.objectNode().put("connection", "c1");
    auth.withArray("/sealed").add(SealedValue.seal(Secret.of(secret), gateway, use).toString());
    return auth;
  }

  private Prepared prepared(ObjectNode auth) {
    Request request = new Request.Builder().url(SERVICE + "/orders").build();
    return member.authenticate(request, auth, clock.instant().plusSeconds(20));
  }

  private String token(ObjectNode auth) {
    return prepared(auth).request().header("Authorization");
  }

  private static void asked(int times) {
    verify(times, postRequestedFor(urlEqualTo("/token")));
  }

  @Test
  void aTokenIsGotWithTheSealedSecretAndUsedForAsLongAsItHolds() {
    issue("t1");
    ObjectNode auth = sealed("s3cret", 1, SERVICE);

    assertThat(token(auth)).isEqualTo("Bearer t1");
    assertThat(token(auth)).isEqualTo("Bearer t1");

    asked(1);
    verify(
        postRequestedFor(urlEqualTo("/token"))
            .withBasicAuth(new BasicCredentials("app", "s3cret"))
            .withRequestBody(containing("grant_type=client_credentials"))
            .withRequestBody(containing("scope=read")));
  }

  @Test
  void anExpiredTokenIsReplaced() {
    issue("t1");
    ObjectNode auth = sealed("s3cret", 1, SERVICE);
    token(auth);
    issue("t2");

    clock.advance(Duration.ofHours(2));

    assertThat(token(auth)).isEqualTo("Bearer t2");
    asked(2);
  }

  @Test
  void aTokenThatTheServiceRefusesIsReplacedOnce() {
    issue("t1");
    ObjectNode auth = sealed("s3cret", 1, SERVICE);
    Prepared one = prepared(auth);
    Prepared other = prepared(auth);
    issue("t2");

    one.whenRefused().accept(clock.instant().plusSeconds(20));
    other.whenRefused().accept(clock.instant().plusSeconds(20));

    assertThat(token(auth)).isEqualTo("Bearer t2");
    asked(2);
  }

  @Test
  void manyRequestsWaitForOneToken() throws Exception {
    issue("t1");
    ObjectNode auth = sealed("s3cret", 1, SERVICE);
    List<Future<String>> tokens = new ArrayList<>();

    for (int i = 0; i < 20; i++) {
      tokens.add(work.submit(() -> token(auth)));
    }

    for (Future<String> token : tokens) {
      assertThat(token.get()).isEqualTo("Bearer t1");
    }
    asked(1);
  }

  @Test
  void aNewSecretGetsATokenOfItsOwn() {
    issue("t1");
    ObjectNode former = sealed("s3cret-1", 1, SERVICE);
    token(former);
    issue("t2");

    assertThat(token(sealed("s3cret-2", 2, SERVICE))).isEqualTo("Bearer t2");

    verify(
        1,
        postRequestedFor(urlEqualTo("/token"))
            .withBasicAuth(new BasicCredentials("app", "s3cret-2")));
    assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(() -> token(former));
  }

  private void refused(String method, String url, ObjectNode auth) {
    RequestBody body = method.equals("POST") ? RequestBody.create("", null) : null;
    Request request = new Request.Builder().url(url).method(method, body).build();
    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> member.authenticate(request, auth, clock.instant().plusSeconds(20)))
        .withMessageNotContaining("s3cret");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("E1")
  void noOtherRequestThanTheMembersOwnCarriesACredentialToTheTokenServer() {
    issue("t1");
    ObjectNode auth = sealed("s3cret", 1, SERVICE);

    refused("POST", issuer + "/token", auth);
    refused("GET", issuer + "/admin", auth);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/token",
        "/token?x=1",
        "/token/",
        "//token",
        "/TOKEN",
        "/%74oken",
        "/token;a=b",
        "/a/../token",
        "/a%2F..%2Ftoken",
        "/.%2Ftoken",
        "/%5Ctoken",
        "/x;a/..;b/token"
      })
  @Tag("E1")
  void whereTheServiceIssuesItsTokensItselfNoOtherRequestGetsOne(String path) {
    issue("t1");

    refused("POST", issuer + path, sealed("s3cret", 1, issuer));
  }

  @Test
  void theOtherPathsOfAServiceThatIssuesItsTokensItselfAreReached() {
    issue("t1");
    Request request = new Request.Builder().url(issuer + "/token/7").build();

    Prepared prepared =
        member.authenticate(request, sealed("s3cret", 1, issuer), clock.instant().plusSeconds(20));

    assertThat(prepared.request().header("Authorization")).isEqualTo("Bearer t1");
  }

  @Test
  @Tag("E1")
  void aSecretGoesToNoTokenEndpointThatIsNotOnTheMembersList() {
    closed.add("localhost");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> token(sealed("s3cret", 1, SERVICE)))
        .withMessageContaining("localhost was not asked");

    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aTokenEndpointThatFailsIsNoReasonToSealAgain() {
    stubFor(post("/token").willReturn(serverError()));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> token(sealed("s3cret", 1, SERVICE)))
        .matches(e -> e.reason() == Reason.TEMPORARY)
        .withMessageNotContaining("s3cret");
  }
}
