package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.definition.HostileTexts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Paths into JSON, which a definition writes. */
@Tag("H2")
@Timeout(120)
class HostilePathTest {

  @Test
  void hostileTextsAreReadOrRefused() {
    JsonNode item = JsonMapper.shared().readTree("{\"id\": \"a\", \"folder\": true}");

    HostileTexts.feed(text -> JsonPath.of(text).find(item));
    HostileTexts.feed(text -> PathString.at(item, text));
  }
}
