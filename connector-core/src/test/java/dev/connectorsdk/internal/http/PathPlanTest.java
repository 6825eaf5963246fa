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

  @Test
  void theSamePathAgainHasTheSameUrl() {
    HttpUrl first = asked("ada", "1");

    assertThat(asked("ada", "1")).isSameAs(first);
    assertThat(first).hasToString("https://service.example/v1/users/ada/mails/1");
  }

  @Test
  @DisplayName("C10: a query, which may hold a secret, is not kept for the next request")
  void aQueryIsNotKept() {
    HttpUrl first = asked("ada", "1", "code", "secret");

    assertThat(asked("ada", "1", "code", "secret")).isEqualTo(first).isNotSameAs(first);
    assertThat(asked("ada", "1")).hasToString("https://service.example/v1/users/ada/mails/1");
  }

  @ParameterizedTest
  @CsvSource({
    "bob, 1, 'top=5',        /users/bob/mails/1?top=5",
    "ada, 2, 'top=5',        /users/ada/mails/2?top=5",
    "ada, 1, 'top=6',        /users/ada/mails/1?top=6",
    "ada, 1, 'skip=5',       /users/ada/mails/1?skip=5",
    "ada, 1, 'top=5 skip=1', /users/ada/mails/1?top=5&skip=1",
    "ada, 1, '',             /users/ada/mails/1",
    "ada, 1, 'skip=1 top=5', /users/ada/mails/1?skip=1&top=5"
  })
  @DisplayName("E5: a request that differs somewhere has nothing of the one before it")
  void aRequestThatDiffersHasAUrlOfItsOwn(String user, String mail, String query, String url) {
    String[] pairs = query.isEmpty() ? new String[0] : query.split("[ =]");
    asked("ada", "1", "top", "5");

    assertThat(asked(user, mail, pairs)).hasToString(BASE + url);
    assertThat(asked("ada", "1", "top", "5")).hasToString(BASE + "/users/ada/mails/1?top=5");
  }

  @Test
  void whatIsAddedToABuilderStandsBehindTheQuery() {
    asked("ada", "1", "top", "5");
    PathPlan.Url url = filled(BASE, "ada", "1");
    url.addQuery("top", "5");

    HttpUrl more = url.builder().addEncodedQueryParameter("more", null).build();
    url.giveBack();

    assertThat(more).hasToString(BASE + "/users/ada/mails/1?top=5&more");
    assertThat(asked("ada", "1", "top", "5")).hasToString(BASE + "/users/ada/mails/1?top=5");
  }

  private HttpUrl asked(String user, String mail, String... query) {
    PathPlan.Url url = filled(BASE, user, mail);
    for (int i = 0; i < query.length; i += 2) {
      url.addQuery(query[i], query[i + 1]);
    }
    HttpUrl built = url.build();
    url.giveBack();
    return built;
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
