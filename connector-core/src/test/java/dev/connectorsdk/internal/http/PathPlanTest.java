package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPlanTest {

  private static final HttpUrl BASE = HttpUrl.get("https://service.example/v1");

  private final PathPlan plan = new PathPlan(Arrays.asList("users", null, "mails", null));

  @ParameterizedTest
  @CsvSource({
    "https://service.example,        https://service.example/users/a/mails/b",
    "https://service.example/,       https://service.example/users/a/mails/b",
    "https://service.example/v1,     https://service.example/v1/users/a/mails/b",
    "https://service.example/v1/,    https://service.example/v1/users/a/mails/b",
    "https://service.example/v1//,   https://service.example/v1//users/a/mails/b"
  })
  void valuesStandInTheirPlaces(String base, String expected) {
    HttpUrl below = HttpUrl.get(base);

    assertThat(sent(below, "a", "b")).hasToString(expected);
    assertThat(sent(below, "a", "b")).hasToString(expected);
  }

  @Test
  @DisplayName("E5: nothing of a request is in the next one of the same plan")
  void nothingOfARequestIsInTheNext() {
    PathPlan.Url first = filled(BASE, "ada", "1");
    first.builder().addEncodedQueryParameter("folder", "private").build();
    first.giveBack();

    PathPlan.Url second = filled(BASE, "bob", "2");

    assertThat(second).isSameAs(first);
    assertThat(second.builder().build())
        .hasToString("https://service.example/v1/users/bob/mails/2");
  }

  @Test
  @DisplayName("E5: a builder for one service is not used for another")
  void eachServiceHasItsOwn() {
    sent(BASE, "a", "b");

    assertThat(sent(HttpUrl.get("https://other.example/v2"), "a", "b"))
        .hasToString("https://other.example/v2/users/a/mails/b");
  }

  @Test
  void requestsThatAreMadeAtTheSameTimeShareNothing() {
    sent(BASE, "eve", "0");
    PathPlan.Url one = filled(BASE, "ada", "1");
    PathPlan.Url other = filled(BASE, "bob", "2");

    assertThat(one.builder().build()).hasToString("https://service.example/v1/users/ada/mails/1");
    assertThat(other.builder().build()).hasToString("https://service.example/v1/users/bob/mails/2");
  }

  private HttpUrl sent(HttpUrl base, String user, String mail) {
    PathPlan.Url url = filled(base, user, mail);
    HttpUrl built = url.builder().build();
    url.giveBack();
    return built;
  }

  private PathPlan.Url filled(HttpUrl base, String user, String mail) {
    PathPlan.Url url = plan.below(base);
    url.set(0, user);
    url.set(1, mail);
    return url;
  }
}
