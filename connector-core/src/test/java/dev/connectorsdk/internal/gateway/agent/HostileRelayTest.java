package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.internal.gateway.line.GatewayAuth;
import dev.connectorsdk.internal.gateway.seal.Application;
import dev.connectorsdk.internal.gateway.seal.InsideRequests;
import dev.connectorsdk.internal.gateway.seal.MemberFolder;
import dev.connectorsdk.internal.gateway.seal.MemberKeys;
import dev.connectorsdk.internal.gateway.seal.SealedCredentials;
import dev.connectorsdk.internal.gateway.seal.SealedUse;
import dev.connectorsdk.internal.gateway.seal.SealedValue;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import dev.connectorsdk.internal.gateway.seal.SeenVersions;
import dev.connectorsdk.internal.http.GatewayFailure;
import dev.connectorsdk.internal.http.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A relay that says to members whatever it likes: none of this reaches a service. */
@Timeout(60)
@Tag("C2")
@Tag("E1")
class HostileRelayTest {

  private static final ApiKeyScheme IN_HEADER = ApiKeyScheme.header("X-Api-Key");
  private static final ApiKeyScheme IN_QUERY = ApiKeyScheme.query("key");

  @TempDir Path temp;
  @AutoClose private final InsideService erp = new InsideService();
  @AutoClose private final InsideService crm = new InsideService();
  @AutoClose private final InsideService unlisted = new InsideService();
  @AutoClose private final GatewayWorld world = new GatewayWorld();
  @AutoClose private final Transport inside = world.inside();
  private final SealingKey sealing = SealingKey.random();

  HostileRelayTest() throws Exception {}

  @BeforeEach
  void startMember() throws Exception {
    MemberFolder folder = new MemberFolder(temp);
    MemberKeys keys = MemberKeys.loadOrCreate(folder);
    keys.keep(sealing);
    AllowedOrigins allowed = AllowedOrigins.of(List.of(erp.url(), crm.url()), news -> {});
    SealedCredentials credentials =
        new SealedCredentials(
            keys,
            new SeenVersions(folder),
            new InsideRequests(inside, (url, caller) -> allowed.require(url), world.work),
            Clock.systemUTC(),
            new SecureRandom());
    world.member("a", credentials::authenticate, erp.url(), crm.url());
  }

  private SealedUse use(String connection, AuthScheme scheme, String slot, String... origins) {
    return new SealedUse(
        new SealedUse.Owner(ConnectionId.of(connection), ConnectorId.of("erp")),
        slot,
        1,
        new TreeSet<>(Set.of(origins)),
        new Application(scheme, new TreeMap<>(Map.of("client_id", "app"))));
  }

  private SealedUse inHeader() {
    return use("c1", IN_HEADER, "api_key", erp.url());
  }

  private String sealed(SealedUse use) {
    return sealed("s3cret", use);
  }

  private String sealed(String secret, SealedUse use) {
    return SealedValue.seal(Secret.of(secret), sealing, use).toString();
  }

  /** Has a value say that it was sealed for something else. */
  private static String saying(String sealed, SealedUse is, SealedUse other) {
    String[] parts = sealed.split("\\.", 2);
    String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
    String changed =
        header.replace(is.toString().replace("\"", "\\\""), other.toString().replace("\"", "\\\""));
    assertThat(changed).isNotEqualTo(header);
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(changed.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[1];
  }

  /** Sends what the relay makes up, and returns what the service has answered. */
  private int ask(String method, String url, String connection, String... sealed)
      throws IOException {
    ObjectNode auth = JsonNodeFactory.instance.objectNode().put("connection", connection);
    List.of(sealed).forEach(auth.withArray("/sealed")::add);
    Request request =
        new Request.Builder()
            .url(url)
            .method(method, method.equals("POST") ? RequestBody.create("", null) : null)
            .tag(GatewayAuth.class, new GatewayAuth(connection, auth))
            .build();
    OkHttpClient client = world.relay.through(GatewayWorld.GATEWAY).apply(new OkHttpClient());
    try (Response response = client.newCall(request).execute()) {
      return response.code();
    }
  }

  private void refused(String method, String url, String connection, String... sealed) {
    assertThatExceptionOfType(GatewayFailure.class)
        .isThrownBy(() -> ask(method, url, connection, sealed))
        .withMessageNotContaining("s3cret");
    assertThat(erp.asked).isEmpty();
    assertThat(crm.asked).isEmpty();
    assertThat(unlisted.asked).isEmpty();
  }

  private String hello() {
    return erp.url() + "/hello";
  }

  @Test
  void whatWasAgreedReachesTheService() throws Exception {
    assertThat(ask("GET", hello(), "c1", sealed(inHeader()))).isEqualTo(200);
    assertThat(erp.asked).containsExactly("GET /hello");
  }

  @Test
  void anOlderValueDoesNot() throws Exception {
    ask("GET", hello(), "c1", sealed(inHeader().withVersion(2)));
    erp.asked.clear();

    refused("GET", hello(), "c1", sealed(inHeader()));
  }

  @Test
  void aValueOfAnotherConnectionDoesNot() {
    String ofAnother = sealed(use("c2", IN_HEADER, "api_key", erp.url()));

    refused("GET", hello(), "c1", ofAnother);
    refused(
        "GET",
        hello(),
        "c1",
        saying(ofAnother, use("c2", IN_HEADER, "api_key", erp.url()), inHeader()));
  }

  @Test
  void atAnotherAllowedOriginItDoesNot() {
    SealedUse elsewhere = use("c1", IN_HEADER, "api_key", crm.url());

    refused("GET", crm.url() + "/hello", "c1", sealed(inHeader()));
    refused("GET", crm.url() + "/hello", "c1", saying(sealed(inHeader()), inHeader(), elsewhere));
  }

  @Test
  void inAnotherPlaceItDoesNot() {
    SealedUse inQuery = use("c1", IN_QUERY, "api_key", erp.url());
    SealedUse inOther = use("c1", ApiKeyScheme.header("X-Shown"), "api_key", erp.url());
    SealedUse underOther = use("c1", ApiKeyScheme.query("q"), "api_key", erp.url());

    refused("GET", hello(), "c1", saying(sealed(inHeader()), inHeader(), inQuery));
    refused("GET", hello(), "c1", saying(sealed(inHeader()), inHeader(), inOther));
    refused("GET", hello(), "c1", saying(sealed(inQuery), inQuery, inHeader()));
    refused("GET", hello(), "c1", saying(sealed(inQuery), inQuery, underOther));
  }

  @Test
  void withAKeyOfTheRelaysOwnItDoesNot() {
    String own = SealedValue.seal(Secret.of("s3cret"), SealingKey.random(), inHeader()).toString();

    refused("GET", hello(), "c1", own);
  }

  @Test
  void nothingReachesAnOriginOutsideOfTheList() {
    SealedUse there = use("c1", IN_HEADER, "api_key", unlisted.url());

    refused("GET", unlisted.url() + "/hello", "c1");
    refused("GET", unlisted.url() + "/hello", "c1", sealed(there));
  }

  @Test
  void aRequestThatIsRepeatedInItsAnswerDoesNot() {
    refused("TRACE", hello(), "c1", sealed(inHeader()));
  }

  @Test
  void aClientsSecretReachesNoOtherTokenEndpoint() {
    SealedUse agreed = token(crm.url() + "/hello", erp.url());
    SealedUse notListed = token(unlisted.url() + "/hello", erp.url());

    refused(
        "GET",
        hello(),
        "c1",
        saying(sealed(agreed), agreed, token(erp.url() + "/hello", erp.url())));
    refused("GET", hello(), "c1", sealed(notListed));
  }

  @Test
  void noRequestOfTheRelayReachesTheTokenServerWithAClientsSecret() {
    SealedUse agreed = token(crm.url() + "/hello", erp.url());

    refused("POST", crm.url() + "/hello", "c1", sealed(agreed));
    refused("GET", crm.url() + "/authorized", "c1", sealed(agreed));
  }

  @Test
  void noRequestOfTheRelayReachesTheTokenServerWithACertificate() {
    HeldCertificate client = new HeldCertificate.Builder().commonName("ada").build();
    AuthScheme scheme =
        ClientCertificateScheme.pem()
            .and(
                OAuth2Scheme.clientCredentials(crm.url() + "/hello")
                    .clientAuthentication(OAuth2Scheme.ClientAuthentication.TLS));
    String certificate =
        sealed(client.certificatePem(), use("c1", scheme, "certificate", erp.url()));
    String key = sealed(client.privateKeyPkcs8Pem(), use("c1", scheme, "private_key", erp.url()));

    refused("POST", crm.url() + "/hello", "c1", certificate, key);
    refused("GET", crm.url() + "/authorized", "c1", certificate, key);
  }

  private SealedUse token(String tokenUrl, String... origins) {
    return use("c1", OAuth2Scheme.clientCredentials(tokenUrl), "client_secret", origins);
  }

  @Test
  void aCertificateIsShownNowhereElse() {
    HeldCertificate client = new HeldCertificate.Builder().commonName("ada").build();
    AuthScheme scheme = ClientCertificateScheme.pem();
    String certificate =
        SealedValue.seal(
                Secret.of(client.certificatePem()),
                sealing,
                use("c1", scheme, "certificate", erp.url()))
            .toString();
    String key =
        SealedValue.seal(
                Secret.of(client.privateKeyPkcs8Pem()),
                sealing,
                use("c1", scheme, "private_key", erp.url()))
            .toString();

    refused("GET", crm.url() + "/hello", "c1", certificate, key);
    refused("GET", hello(), "c2", certificate, key);
    refused("GET", hello(), "c1", key);
  }
}
