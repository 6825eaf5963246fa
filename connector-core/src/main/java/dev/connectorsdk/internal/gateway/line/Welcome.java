package dev.connectorsdk.internal.gateway.line;

import java.util.Set;
import java.util.stream.Collectors;
import okio.ByteString;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a host says of itself when a line is open, and when that has changed.
 *
 * @param nodes the processes of the host, to each of which the member is to hold a line
 */
public record Welcome(Set<String> nodes) {

  /** Returns what is sent. */
  public ByteString encoded(JsonMapper mapper) {
    ObjectNode json = mapper.createObjectNode();
    nodes.forEach(json.putArray("nodes")::add);
    return Texts.bytes(json, mapper);
  }

  /** Reads what {@link #encoded} has written. Parts that are missing are empty. */
  public static Welcome decoded(ByteString payload, JsonMapper mapper) {
    return new Welcome(
        Texts.tree(payload, mapper)
            .path("nodes")
            .valueStream()
            .map(node -> node.asString(""))
            .collect(Collectors.toUnmodifiableSet()));
  }
}
