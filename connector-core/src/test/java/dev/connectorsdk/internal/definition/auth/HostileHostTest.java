package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.definition.HostileTexts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts of sign-ins, which a definition writes. */
@Tag("H2")
@Timeout(120)
class HostileHostTest {

  @Test
  void hostileTextsAreReadOrRefused() {
    HostileTexts.feed(HostParameters::of);
  }
}
