package dev.connectorsdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import okhttp3.Request;
import org.junit.jupiter.api.Test;

class RequestCredentialTest {

  private final Request request = new Request.Builder().url("https://api.test/x").build();

  @Test
  void severalCookiesAreSentTogether() {
    Request signed =
        RequestCredential.sign(
                request,
                credential -> {
                  credential.addCookie("first", "1");
                  credential.addCookie("second", "2");
                  return 0;
                })
            .request();

    assertThat(signed.headers("Cookie")).containsExactly("first=1; second=2");
  }
}
