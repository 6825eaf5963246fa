package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Set;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RedactionTest {

  private static final String OPAQUE = "o9x-Quiet-4711";

  private static String kept(String json) {
    KnownSecrets secrets = new KnownSecrets(Set.of());
    assertThat(secrets.body("application/json", json)).isTrue();
    return secrets.redaction().json(JsonMapper.shared().readTree(json)).toString();
  }

  @ParameterizedTest
  @Tag("B11")
  @ValueSource(
      strings = {
        "{'refreshTokens':['o9x-Quiet-4711']}",
        "{'secret':{'value':'o9x-Quiet-4711'}}",
        "{'credentials':{'user':{'login':['o9x-Quiet-4711']}}}",
        "{'keys':[{'keyName':'key1','value':'o9x-Quiet-4711'}]}",
        "{'keys':[{'kty':'oct','k':'o9x-Quiet-4711'}]}",
        "{'key1':'o9x-Quiet-4711'}",
        "{'accessKey':'o9x-Quiet-4711'}",
        "{'account_key':'o9x-Quiet-4711'}",
        "{'primaryKey':'o9x-Quiet-4711'}",
        "{'signing-key':'o9x-Quiet-4711'}",
        "{'hmac.key':'o9x-Quiet-4711'}",
        "{'secondaryMasterKey':'o9x-Quiet-4711'}",
        "{'connectionString':'o9x-Quiet-4711'}",
        "{'passphrase':'o9x-Quiet-4711'}",
        "{'userPwd':'o9x-Quiet-4711'}",
        "{'xsrf':'o9x-Quiet-4711'}",
        "{'deviceCode':'o9x-Quiet-4711'}",
        "{'text':'{\\'token\\': \\'o9x-Quiet-4711\\'}'}",
        "{'file':'https://files.example/a?sv=1&sig=o9x-Quiet-4711'}",
        "{'file':'/a?X-Amz-Security-Token=o9x-Quiet-4711&b=1'}",
        "{'html':'see https://a.example/b?c=1&amp;sig=o9x-Quiet-4711 there'}",
        "{'back':'https://a.example/in#access_token=o9x-Quiet-4711&b=1'}",
        "{'in':'https://a.example/?to=https%3A%2F%2Fb.example%2F%3Fsig%3Do9x-Quiet-4711'}",
        "{'db':'postgres://ada:o9x-Quiet-4711@db.example/notes'}"
      })
  void whatANameSaysToBeSecretIsTakenOutWhereverItComes(String json) {
    String whole = "[" + json.replace("\\'", "\\\"").replace('\'', '"') + "]";

    assertThat(kept(whole)).contains(Redaction.GONE).doesNotContain(OPAQUE);
  }

  @Test
  @Tag("B11")
  void whatStandsBelowASecretNameIsKnownElsewhere() {
    assertThat(kept("{\"tokens\":[\"o9x-Quiet-4711\"],\"note\":\"it is o9x-Quiet-4711\"}"))
        .isEqualTo("{\"tokens\":[\"REDACTED\"],\"note\":\"it is REDACTED\"}");
    assertThat(kept("{\"a\":\"https://a.example/?sig=o9x-Quiet-4711\",\"b\":\"o9x-Quiet-4711\"}"))
        .isEqualTo("{\"a\":\"https://a.example/?sig=REDACTED\",\"b\":\"REDACTED\"}");
    assertThat(kept("{\"access_token\":47114711,\"note\":47114711}"))
        .isEqualTo("{\"access_token\":0,\"note\":0}");
  }

  @ParameterizedTest
  @Tag("B11")
  @ValueSource(
      strings = {
        "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz",
        "glpat-abcdefghij0123456789",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "AIzaSyA0123456789abcdefghijklmnopqrstuv",
        "ya29.a0AfH6SMBx-abc_def",
        "shpat_0123456789abcdef0123456789abcdef"
      })
  void tokensAreKnownByTheirShape(String token) {
    assertThat(new Redaction(Set.of()).text("it is " + token)).isEqualTo("it is REDACTED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"state\":\"open\",\"key\":\"PROJ-1\",\"code\":0,\"pin\":\"north\"}",
        "{\"token_type_hint\":\"access_token\",\"token_type\":\"Bearer\"}",
        "{\"next_page_token\":\"\",\"token\":null,\"has_session\":true}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB-modulus\"}]}",
        "{\"keys\":[\"PROJ-1\"]}",
        "{\"next\":\"https://a.example/notes?fields=a,b%20c&page=2\",\"price\":1.5}",
        "{\"text\":\"{\\\"a\\\":   1}\",\"id\":\"task_0123456789abcdef01\"}"
      })
  void whatIsNoSecretStaysAsItIs(String json) {
    assertThat(kept(json)).isEqualTo(json);
  }

  @Test
  void aLongCodeUnderAShortNameIsASecretInJsonAsWell() {
    assertThat(kept("{\"key\":\"3f9c1e7d5b2a4860\",\"code\":\"4/0A\"}"))
        .isEqualTo("{\"key\":\"REDACTED\",\"code\":\"4/0A\"}");
    assertThat(kept("{\"code\":\"4/0AdQt8qh-rWxYz0815\"}")).isEqualTo("{\"code\":\"REDACTED\"}");
  }

  @Test
  void membersAreNotRenamedAfterWordsThatASecretNameHas() {
    assertThat(kept("{\"token_class\":\"access_token\",\"access_token\":\"x\"}"))
        .isEqualTo("{\"token_class\":\"REDACTED\",\"access_token\":\"REDACTED\"}");
    assertThat(kept("{\"session\":\"open\",\"open\":true}"))
        .isEqualTo("{\"session\":\"REDACTED\",\"open\":true}");
  }

  @Test
  void aSecretNumberStaysANumber() {
    assertThat(kept("{\"total_tokens\":34,\"token\":{\"expires_in\":3600}}"))
        .isEqualTo("{\"total_tokens\":0,\"token\":{\"expires_in\":3600}}");
  }

  @Test
  @Tag("B11")
  void formsAndQueriesHaveShortNamesForSecrets() {
    Redaction redaction = new Redaction(Set.of());

    assertThat(redaction.form("code=a b&state=c&grant_type=d&data=%7B%22token%22%3A%22e%22%7D"))
        .isEqualTo(
            "code=REDACTED&state=REDACTED&grant_type=d"
                + "&data=%7B%22token%22%3A%22REDACTED%22%7D");
    assertThat(redaction.text("</a?page=2&key=b>; rel=\"next\""))
        .isEqualTo("</a?page=2&key=REDACTED>; rel=\"next\"");
  }

  @Test
  void ofTheShortNamesOnlyLongValuesAreKnownElsewhere() {
    KnownSecrets secrets = new KnownSecrets(Set.of());
    secrets.text("https://a.example/?key=PROJ-1&code=4711-quiet-0815-loud");

    assertThat(secrets.redaction().text("PROJ-1 4711-quiet-0815-loud"))
        .isEqualTo("PROJ-1 REDACTED");
  }

  @ParameterizedTest
  @Tag("B11")
  @CsvSource({"ab+/cd==", "ä b&c=d", "a/b?c#d", "p%41ss\"word"})
  void aKnownSecretIsFoundHoweverItIsEncoded(String secret) {
    Redaction redaction = new Redaction(Set.of(secret));
    String base64 = Base64.getEncoder().encodeToString(secret.getBytes(UTF_8));
    HttpUrl url =
        HttpUrl.get("https://a.example/")
            .newBuilder()
            .addPathSegment(secret)
            .addQueryParameter("q", secret)
            .build();

    assertThat(redaction.text(url.toString())).isEqualTo("https://a.example/REDACTED?q=REDACTED");
    assertThat(redaction.text(base64.replace("=", ""))).isEqualTo("REDACTED");
    assertThat(redaction.leaves(url.encodedPath())).isTrue();
  }

  @Test
  @Tag("B11")
  void anEncodingThatNobodyKnowsIsNoticed() {
    Redaction redaction = new Redaction(Set.of("ab+/cd=="));

    assertThat(redaction.leaves("https://a.example/%61b+%2fcd==")).isTrue();
    assertThat(redaction.text("https://a.example/?q=%61b+%2fcd=="))
        .isEqualTo("https://a.example/?q=REDACTED");
  }

  @ParameterizedTest
  @Tag("B11")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json|)]}'{\"token\":\"a\"}",
        "application/json|{\"token\":\"a",
        "application/json|\"{'token':'a'}\"",
        "application/javascript|call({\"token\":\"a\"})",
        "text/event-stream|data: {\"token\":\"a\"}",
        "text/html|<p>Hello</p>",
        "text/plain|access_token=a&refresh_token=b",
        "text/csv|token,name",
        "application/x-ndjson|{\"token\":\"a\"} token=b"
      })
  void aBodyInWhichSecretsCannotBeFoundIsNotClean(String type, String body) {
    assertThat(new KnownSecrets(Set.of()).body(type, body)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json|\"fine\"",
        "application/json|17",
        "application/json|``",
        "text/plain; charset=utf-8|All is well",
        "application/x-www-form-urlencoded|a=b",
        "application/x-ndjson|`{\"a\":1}\n{\"a\":2}\n`"
      })
  void aBodyInWhichSecretsAreFoundIsClean(String type, String body) {
    assertThat(new KnownSecrets(Set.of()).body(type, body)).isTrue();
  }
}
