package dev.connectorsdk.internal.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import org.junit.jupiter.api.Test;

/** What a binding is kept by in memory: nobody's binding is found for somebody else. */
class BindingKeyTest {

  private static final Environment PROD = Environment.of("prod");
  private static final Principal ADA = Principal.user("ada");
  private static final StoredReferences.Key KEY = new StoredReferences.Key(PROD, ADA, "mail");

  @Test
  void isTheSameIfAllPartsAre() {
    assertThat(new StoredReferences.Key(Environment.of("prod"), Principal.user("ada"), "mail"))
        .isEqualTo(KEY)
        .hasSameHashCodeAs(KEY);
  }

  @Test
  void isAnotherForAnotherEnvironmentUserOrName() {
    assertThat(KEY)
        .isNotEqualTo(new StoredReferences.Key(Environment.of("dev"), ADA, "mail"))
        .isNotEqualTo(new StoredReferences.Key(PROD, Principal.user("bob"), "mail"))
        .isNotEqualTo(new StoredReferences.Key(PROD, Principal.service("ada"), "mail"))
        .isNotEqualTo(new StoredReferences.Key(PROD, ADA, "calendar"))
        .isNotEqualTo(null);
  }
}
