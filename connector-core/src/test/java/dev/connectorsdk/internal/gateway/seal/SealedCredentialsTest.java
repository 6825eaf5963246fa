package dev.connectorsdk.internal.gateway.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import dev.connectorsdk.api.auth.SignatureScheme;
import dev.connectorsdk.api.auth.TokenPlace;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.http.Transports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What whoever stands between the entry of a credential and the member can do with it. */
class SealedCredentialsTest {

  private static final String INSIDE = "https://erp.inside.test";
  private static final ApiKeyScheme IN_HEADER = ApiKeyScheme.header("X-Api-Key");

  @TempDir Path temp;
  private final SettableClock clock = new SettableClock();
  private final Transport transport = Transports.of(new OkHttpClient(), clock);
  private final SealingKey gateway = SealingKey.random();
  private MemberKeys keys;
  private SealedCredentials member;

  @BeforeEach
  void makeMember() {
    keys = MemberKeys.loadOrCreate(new MemberFolder(temp));
    keys.keep(gateway);
    member = member();
  }

  @AfterEach
  void close() {
    transport.close();
  }

  private SealedCredentials member() {
    MemberFolder folder = new MemberFolder(temp);
    keys = MemberKeys.loadOrCreate(folder);
    return new SealedCredentials(
        keys,
        new SeenVersions(folder),
        new InsideRequests(transport, (url, caller) -> {}, Runnable::run),
        clock,
        new Random(1));
  }

  private static SealedUse purpose(AuthScheme scheme, String slot) {
    return purpose("c1", scheme, slot, 1, INSIDE, Map.of());
  }

  private static SealedUse purpose(
      String connection,
      AuthScheme scheme,
      String slot,
      long version,
      String origin,
      Map<String, String> parameters) {
    return new SealedUse(
        new SealedUse.Owner(ConnectionId.of(connection), ConnectorId.of("erp")),
        slot,
        version,
        new TreeSet<>(Set.of(origin)),
        new Application(scheme, new TreeMap<>(parameters)));
  }

  private String sealed(String secret, SealedUse purpose) {
    return SealedValue.seal(Secret.of(secret), gateway, purpose).toString();
  }

  private static ObjectNode auth(String connection, String... sealed) {
    ObjectNode auth = JsonNodeFactory.instance.objectNode().put("connection", connection);
    List.of(sealed).forEach(auth.withArray("/sealed")::add);
    return auth;
  }

  private static Request get(String url) {
    return new Request.Builder().url(url).build();
  }

  private Request sent(Request request, ObjectNode auth) {
    return member.authenticate(request, auth, clock.instant().plusSeconds(10)).request();
  }

  private void refused(Request request, ObjectNode auth, String problem) {
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> sent(request, auth))
        .withMessageContaining(problem)
        .withMessageNotContaining("s3cret");
  }

  // How a credential is applied

  @Test
  void aKeyGoesIntoTheHeaderThatItWasSealedFor() {
    ObjectNode auth = auth("c1", sealed("s3cret", purpose(IN_HEADER, "api_key")));

    Request sent = sent(get(INSIDE + "/orders?x=1"), auth);

    assertThat(sent.header("X-Api-Key")).isEqualTo("s3cret");
    assertThat(sent.url()).hasToString(INSIDE + "/orders?x=1");
  }

  @Test
  void aUserNameIsPartOfWhatIsSealed() {
    SealedUse purpose =
        purpose("c1", BasicScheme.standard(), "password", 1, INSIDE, Map.of("username", "ada"));

    Request sent = sent(get(INSIDE + "/"), auth("c1", sealed("s3cret", purpose)));

    assertThat(sent.header("Authorization"))
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("ada:s3cret".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aRequestIsSignedAsItIsSent() {
    SignatureScheme scheme =
        SignatureScheme.hmacSha256("{method}{path}{body}")
            .header("X-Signature", "{parameter:key_id}:{signature}");
    SealedUse purpose =
        purpose("c1", scheme, SignatureScheme.KEY, 1, INSIDE, Map.of("key_id", "k7"));
    Request request =
        new Request.Builder().url(INSIDE + "/a").post(RequestBody.create("body", null)).build();

    Request sent = sent(request, auth("c1", sealed("s3cret", purpose)));

    assertThat(sent.header("X-Signature")).isEqualTo("k7:" + hmac("s3cret", "POST/abody"));
  }

  @Test
  void aBodyThatCanBeReadOnceIsSignedAndSent() throws Exception {
    SignatureScheme scheme =
        SignatureScheme.hmacSha256("{body}").header("X-Signature", "{signature}");
    SealedUse use = purpose(scheme, SignatureScheme.KEY);
    Request request =
        new Request.Builder().url(INSIDE + "/a").put(new StreamedOnce("streamed")).build();

    Request sent = sent(request, auth("c1", sealed("s3cret", use)));

    assertThat(sent.header("X-Signature")).isEqualTo(hmac("s3cret", "streamed"));
    assertThat(text(sent.body())).isEqualTo("streamed");
  }

  @Test
  void aBodyThatIsNotSignedIsNotRead() {
    StreamedOnce body = new StreamedOnce("streamed");
    Request request = new Request.Builder().url(INSIDE + "/a").put(body).build();

    Request sent = sent(request, auth("c1", sealed("s3cret", purpose(IN_HEADER, "api_key"))));

    assertThat(sent.body()).isSameAs(body);
  }

  private static final class StreamedOnce extends RequestBody {

    private final String text;
    private boolean read;

    StreamedOnce(String text) {
      this.text = text;
    }

    @Override
    public MediaType contentType() {
      return null;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      assertThat(read).isFalse();
      read = true;
      sink.writeUtf8(text);
    }
  }

  private static String text(RequestBody body) throws IOException {
    Buffer buffer = new Buffer();
    body.writeTo(buffer);
    return buffer.readUtf8();
  }

  private static String hmac(String key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "x"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void withoutCredentialsARequestStaysAsItIs() {
    Request request = get(INSIDE + "/");

    assertThat(sent(request, JsonNodeFactory.instance.objectNode())).isSameAs(request);
  }

  static List<AuthScheme> schemes() {
    return List.of(
        BasicScheme.standard(),
        BearerScheme.standard(),
        IN_HEADER.prefixed("Token ").and(ApiKeyScheme.Placement.COOKIE, "app", "app_key"),
        AwsSignatureScheme.s3().unsignedPayload(),
        AwsSignatureScheme.of("execute-api").inRegion("eu-west-1"),
        AzureSharedKeyScheme.table(),
        SignatureScheme.hmacSha256("{timestamp}{body|sha256|hex}").query("sig", "{signature}"),
        ClientCertificateScheme.pkcs12(),
        ClientCertificateScheme.pem().and(BasicScheme.standard()),
        OAuth2Scheme.clientCredentials("https://id.inside.test/token"),
        OAuth2Scheme.clientCredentials("https://id.inside.test/token")
            .clientAuthentication(ClientAuthentication.POST)
            .scopes("read", "{plant}.write")
            .scopeSeparator(",")
            .resources("https://erp.inside.test")
            .tokenParameter("audience", "erp")
            .exchange(request -> request.header("X-Plant", "{plant}"))
            .sendingToken(TokenPlace.header("X-Token"))
            .bearerTokenTypes("erp")
            .errorCode("no_more", "invalid_client")
            .refreshMargin(Duration.ofSeconds(30))
            .renewal(Renewal.NEVER));
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void whatIsWrittenOfASchemeIsReadBack(AuthScheme scheme) {
    SealedUse purpose = purpose(scheme, "slot");

    assertThat(SealedUse.parse(purpose.toString())).hasToString(purpose.toString());
  }

  // What a host can try

  @Test
  @Tag("E1")
  void aCredentialGoesToNoOtherOriginThanItWasSealedFor() {
    ObjectNode auth = auth("c1", sealed("s3cret", purpose(IN_HEADER, "api_key")));

    for (String other :
        List.of("http://erp.inside.test/", INSIDE + ":444/", "https://crm.inside.test/")) {
      assertThatExceptionOfType(HostNotAllowedException.class)
          .isThrownBy(() -> sent(get(other), auth))
          .withMessageContaining("sealed for other places");
    }
  }

  @Test
  @Tag("C2")
  void aCredentialOfAnotherConnectionIsRefused() {
    ObjectNode auth = auth("c2", sealed("s3cret", purpose(IN_HEADER, "api_key")));

    refused(get(INSIDE + "/"), auth, "belongs to another connection");
  }

  @Test
  @Tag("C2")
  void valuesThatWereSealedForDifferentUsesAreNotUsedTogether() {
    String one = sealed("s3cret", purpose(IN_HEADER, "api_key"));
    String other = sealed("s3cret", purpose(ApiKeyScheme.query("key"), "app_key"));

    refused(get(INSIDE + "/"), auth("c1", one, other), "was sealed for another use");
    refused(get(INSIDE + "/"), auth("c1", one, one), "came twice");
  }

  @Test
  @Tag("C2")
  void whateverIsChangedOfWhatItMayBeUsedForMakesItUnreadable() throws Exception {
    SealedUse inHeader = purpose(IN_HEADER, "api_key");
    String sealed = sealed("s3cret", inHeader);
    List<SealedUse> others =
        List.of(
            purpose(ApiKeyScheme.header("X-Other"), "api_key"),
            purpose(ApiKeyScheme.query("X-Api-Key"), "api_key"),
            purpose(IN_HEADER, "app_key"),
            purpose("c1", IN_HEADER, "api_key", 2, INSIDE, Map.of()),
            purpose("c2", IN_HEADER, "api_key", 1, INSIDE, Map.of()),
            purpose("c1", IN_HEADER, "api_key", 1, "https://evil.test", Map.of()));

    for (SealedUse other : others) {
      String changed = withHeader(sealed, inHeader.toString(), other.toString());
      ObjectNode auth = auth(other.of().connection().value(), changed);
      refused(get(other.origins().first() + "/"), auth, "does not open");
    }
  }

  private static String withHeader(String sealed, String text, String other) {
    String[] parts = sealed.split("\\.", 2);
    String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
    String escaped = text.replace("\"", "\\\"");
    assertThat(header).contains(escaped);
    String changed = header.replace(escaped, other.replace("\"", "\\\""));
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(changed.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[1];
  }

  @Test
  void whatWasSealedWithAKeyOfTheHostsOwnIsRefused() {
    String sealed =
        SealedValue.seal(Secret.of("s3cret"), SealingKey.random(), purpose(IN_HEADER, "api_key"))
            .toString();

    refused(get(INSIDE + "/"), auth("c1", sealed), "key that this member does not have");
  }

  @Test
  @Tag("C2")
  void whatWasOpenedIsNotUsedAfterItsKeyWasForgotten() {
    ObjectNode auth = auth("c1", sealed("s3cret", purpose(IN_HEADER, "api_key")));
    sent(get(INSIDE + "/"), auth);
    SealingKey next = SealingKey.random();
    keys.keep(next);
    assertThat(sent(get(INSIDE + "/"), auth).header("X-Api-Key")).isEqualTo("s3cret");

    keys.forgetFormer(next);

    refused(get(INSIDE + "/"), auth, "key that this member does not have");
  }

  @Test
  @Tag("C7")
  void whatIsNoSealedValueIsRefusedWithoutAWordOfIt() throws Exception {
    refused(get(INSIDE + "/"), auth("c1", "s3cret"), "not in the form");
    refused(get(INSIDE + "/"), auth("c1", "x".repeat(100_001)), "not in the form");
    refused(get(INSIDE + "/"), auth("c1", withoutPurpose()), "not in the form");
    for (String purpose : List.of("", "[]", "{\"connection\":\"c1\"}", " " + purposeText())) {
      refused(get(INSIDE + "/"), auth("c1", withPurpose(purpose)), "not in the form");
    }
  }

  private static String purposeText() {
    return purpose(IN_HEADER, "api_key").toString();
  }

  private String withoutPurpose() throws Exception {
    return encrypted(header().build());
  }

  private String withPurpose(String text) throws Exception {
    return encrypted(
        header()
            .criticalParams(Set.of(SealedValue.PURPOSE))
            .customParam(SealedValue.PURPOSE, text)
            .build());
  }

  private JWEHeader.Builder header() {
    return new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM)
        .keyID(gateway.fingerprint());
  }

  private String encrypted(JWEHeader header) throws Exception {
    JWEObject jwe = new JWEObject(header, new Payload("s3cret"));
    jwe.encrypt(new ECDHEncrypter(gateway.jwk()));
    return jwe.serialize();
  }

  @Test
  @Tag("C7")
  void namesOfAnyLengthDoNotFillTheFolder() {
    String slot = "x".repeat(40_000);
    for (int i = 0; i < 450; i++) {
      SealedUse use = purpose("c" + i, IN_HEADER, slot, 2, INSIDE, Map.of());
      assertThat(new SeenVersions(new MemberFolder(temp)).admit(use)).isTrue();
    }
  }

  @Test
  void aPurposeThatIsNoneIsRefusedByName() {
    String text = purpose(IN_HEADER, "api_key").toString();

    for (String other : List.of("{}", "[\"" + INSIDE + "\"]", "null")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SealedUse.parse(text.replace('"' + INSIDE + '"', other)));
    }
  }

  @Test
  void aTokenUrlThatIsNoneIsRefusedByName() {
    SealedUse purpose = purpose(OAuth2Scheme.clientCredentials("https://id.test/t"), "s");
    String text = purpose.toString().replace("https://id.test/t", "ftp://id.test/t");

    assertThatIllegalArgumentException().isThrownBy(() -> SealedUse.parse(text));
  }

  @Test
  @Tag("C2")
  void anOlderValueIsRefusedOnceANewerOneWasSeenAfterARestartToo() {
    String first = sealed("s3cret-1", purpose(IN_HEADER, "api_key"));
    String second = sealed("s3cret-2", purpose(IN_HEADER, "api_key").withVersion(2));
    assertThat(sent(get(INSIDE + "/"), auth("c1", first)).header("X-Api-Key"))
        .isEqualTo("s3cret-1");

    assertThat(sent(get(INSIDE + "/"), auth("c1", second)).header("X-Api-Key"))
        .isEqualTo("s3cret-2");

    refused(get(INSIDE + "/"), auth("c1", first), "is an older one");
    member = member();
    refused(get(INSIDE + "/"), auth("c1", first), "is an older one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT"})
  void whatWouldBeRepeatedInTheAnswerIsNotSent(String method) {
    ObjectNode auth = auth("c1", sealed("s3cret", purpose(IN_HEADER, "api_key")));
    Request request = new Request.Builder().url(INSIDE + "/").method(method, null).build();

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> sent(request, auth))
        .withMessageContaining("goes through no gateway");
  }

  @Test
  @Tag("E9")
  void noOtherHostIsNamedBesideTheUrl() {
    ObjectNode auth = auth("c1", sealed("s3cret", purpose(IN_HEADER, "api_key")));
    Request request = get(INSIDE + "/").newBuilder().header("Host", "crm.inside.test").build();

    assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> sent(request, auth));
  }

  @Test
  @Tag("E8")
  void aValueThatNoHeaderCanCarryIsNamedByItsPlaceAlone() {
    ObjectNode auth = auth("c1", sealed("s3cret\r\nX-Evil: 1", purpose(IN_HEADER, "api_key")));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> sent(get(INSIDE + "/"), auth))
        .withMessageContaining("position 7")
        .withMessageNotContaining("Evil");
  }

  @Test
  void theMemberOpensAgainWhatItHasOpenedAfterARestart() {
    ObjectNode auth = auth("c1", sealed("s3cret", purpose(IN_HEADER, "api_key")));
    sent(get(INSIDE + "/"), auth);
    member = member();

    assertThat(sent(get(INSIDE + "/"), auth).header("X-Api-Key")).isEqualTo("s3cret");
  }
}
