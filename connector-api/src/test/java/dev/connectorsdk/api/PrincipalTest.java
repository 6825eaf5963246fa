package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user:ada",
        "group:office",
        "editors:list-7",
        "service:nightly",
        "user:a:b",
        "user: ä/b"
      })
  void readsBackWhatItWrites(String text) {
    assertThat(Principal.parse(text)).hasToString(text);
  }

  @Test
  void principalsOfOneIdAndSeveralKindsDiffer() {
    assertThat(Principal.user("a"))
        .isEqualTo(Principal.parse("user:a"))
        .isNotEqualTo(Principal.group("a"))
        .isNotEqualTo(Principal.service("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada", ":ada", "USER:ada", "robot:ada", "", "user"})
  void textInAnotherFormIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Principal.parse(text))
        .withMessage(
            "A principal is written user:<id>, service:<id>, group:<id> or editors:<id>, but was '"
                + text
                + "'");
  }

  @Test
  void anIdIsNotBlankAndAtMost200Characters() {
    assertThat(Principal.user("a".repeat(200)).id()).hasSize(200);
    assertThatIllegalArgumentException().isThrownBy(() -> Principal.user(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> Principal.parse("user:"));
    assertThatIllegalArgumentException().isThrownBy(() -> Principal.user("a".repeat(201)));
  }

  @Test
  void aCallerIsAPrincipalSomewhereForSomeWork() {
    Principal ada = Principal.user("ada");

    assertThat(ada.in("prod"))
        .isEqualTo(new Caller(ada, Environment.of("prod"), null))
        .hasToString("user:ada in prod");
    assertThat(ada.in("prod").running(Flow.of("invoices", ada)))
        .hasToString("user:ada in prod running invoices");
  }

  @Test
  @Tag("I1")
  void aGroupCallsNothing() {
    assertThat(Principal.group("staff").isGroup()).isTrue();
    assertThat(Principal.editorsOf("list-7").isGroup()).isTrue();
    assertThat(Principal.editorsOf("list-7").mayOwn()).isFalse();
    assertThat(Principal.service("staff").isGroup()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Principal.group("staff").in("prod"))
        .withMessage("group:staff cannot call: name the one of its members who does");
  }
}
