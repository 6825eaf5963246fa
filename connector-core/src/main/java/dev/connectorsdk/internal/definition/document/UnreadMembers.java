package dev.connectorsdk.internal.definition.document;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The members of a JSON object that are read when one is first asked for. For one thread at a time,
 * or for several that only read.
 */
final class UnreadMembers extends AbstractMap<String, JsonNode> {

  private final DocumentText text;
  final int start;
  final int end;
  private volatile @Nullable Map<String, JsonNode> members;

  UnreadMembers(DocumentText text, int start, int end) {
    this.text = text;
    this.start = start;
    this.end = end;
  }

  /** Takes what they are, from {@link DocumentText}. */
  void set(Map<String, JsonNode> read) {
    members = read;
  }

  boolean isRead() {
    return members != null;
  }

  private Map<String, JsonNode> members() {
    Map<String, JsonNode> read = members;
    if (read == null) {
      text.read(this);
      read = Objects.requireNonNull(members);
    }
    return read;
  }

  @Override
  public int size() {
    return members().size();
  }

  @Override
  public @Nullable JsonNode get(@Nullable Object name) {
    return members().get(name);
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return members().containsKey(name);
  }

  @Override
  public @Nullable JsonNode put(String name, JsonNode value) {
    return members().put(name, value);
  }

  @Override
  public @Nullable JsonNode remove(@Nullable Object name) {
    return members().remove(name);
  }

  @Override
  public Set<Map.Entry<String, JsonNode>> entrySet() {
    return members().entrySet();
  }

  @Override
  public Set<String> keySet() {
    return members().keySet();
  }

  @Override
  public Collection<JsonNode> values() {
    return members().values();
  }
}
