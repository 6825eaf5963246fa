package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.definition.HostileTexts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts of policies, which a definition writes. */
@Tag("H2")
@Timeout(120)
class HostilePolicyTextTest {

  @Test
  void hostileTextsAreReadOrRefused() {
    HostileTexts.feed(PolicyText::of);
  }
}
