package dev.connectorsdk.testkit;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers requests for tokens, RFC 6749 section 5.1, with another token each time. */
final class TokenEndpoint implements ResponseDefinitionTransformerV2 {

  private static final int LAST_PRIORITY = 1000;
  private static final String GRANT_TYPE = "(?s)(.*&)?grant_type=.*";

  private final AtomicInteger issued = new AtomicInteger();

  @Override
  public String getName() {
    return "tokens";
  }

  @Override
  public boolean applyGlobally() {
    return false;
  }

  MappingBuilder stub() {
    return post(anyUrl())
        .atPriority(LAST_PRIORITY)
        .withRequestBody(matching(GRANT_TYPE))
        .willReturn(aResponse().withTransformers(getName()));
  }

  @Override
  public ResponseDefinition transform(ServeEvent event) {
    int number = issued.incrementAndGet();
    return ResponseDefinitionBuilder.okForJson(new Token("access-" + number, "refresh-" + number))
        .build();
  }

  int issued() {
    return issued.get();
  }

  // Named as in the answer.
  private record Token(
      String access_token, String refresh_token, String token_type, int expires_in) {

    Token(String access, String refresh) {
      this(access, refresh, "Bearer", 3600);
    }
  }
}
