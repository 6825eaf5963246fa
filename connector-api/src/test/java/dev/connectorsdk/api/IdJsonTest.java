package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Hosts put ids into JSON of their own. */
class IdJsonTest {

  record Row(ConnectionId connection, Map<ConnectorId, String> titles) {}

  private final JsonMapper mapper = new JsonMapper();

  @Test
  void idsAreStrings() {
    var row = new Row(ConnectionId.of("c-1"), Map.of(ConnectorId.of("mail"), "Mail"));

    String json = mapper.writeValueAsString(row);

    assertThat(json).isEqualTo("{\"connection\":\"c-1\",\"titles\":{\"mail\":\"Mail\"}}");
    assertThat(mapper.readValue(json, new TypeReference<Row>() {})).isEqualTo(row);
  }

  @Test
  void whatCannotBeAnIdIsRefused() {
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> mapper.readValue("\"no id\"", ConnectionId.class));
  }
}
