package dev.connectorsdk.internal.definition.form;

import dev.connectorsdk.definition.HostileTexts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Filters of trees, which a definition writes. */
@Tag("H2")
@Timeout(120)
class HostileFilterTest {

  @Test
  void hostileTextsAreReadOrRefused() {
    JsonNode item = JsonMapper.shared().readTree("{\"id\": \"a\", \"folder\": true}");

    HostileTexts.feed(text -> ItemFilter.matches(text, item));
  }
}
