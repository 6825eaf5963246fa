package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The records that compare themselves by hand do so as the JVM would: by all of their parts. */
class EqualPartsTest {

  private static final Renewal RENEWED = Renewal.at(Instant.EPOCH);

  /** Two of each, which have no part in common. */
  static Stream<Arguments> records() {
    return Stream.of(
        Arguments.of(ConnectorId.of("a"), ConnectorId.of("b")),
        Arguments.of(ConnectionId.of("a"), ConnectionId.of("b")),
        Arguments.of(Environment.of("a"), Environment.of("b")),
        Arguments.of(Principal.user("a"), Principal.service("b")),
        Arguments.of(new Origin("http", "a", 1), new Origin("https", "b", 2)),
        Arguments.of(RENEWED, Renewal.at(Instant.MAX)),
        Arguments.of(Renewal.UNKNOWN, Renewal.NEVER),
        Arguments.of(
            new ConnectionFilter(Environment.of("a"), Principal.user("a"), ConnectorId.of("a")),
            new ConnectionFilter(Environment.of("b"), Principal.user("b"), ConnectorId.of("b"))),
        Arguments.of(
            new ConnectionFilter(null, null, null),
            new ConnectionFilter(Environment.of("b"), Principal.user("b"), ConnectorId.of("b"))));
  }

  @MethodSource("records")
  @ParameterizedTest(name = "{0}")
  void areEqualIfAllPartsAre(Record one, Record other) throws Exception {
    Object[] parts = parts(one);

    assertThat(of(one, parts)).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(one).isNotEqualTo(other).isNotEqualTo(null).isNotEqualTo("text");
    for (int i = 0; i < parts.length; i++) {
      Object[] changed = parts.clone();
      changed[i] = parts(other)[i];
      if (!Arrays.equals(changed, parts)) {
        assertThat(of(one, changed)).isNotEqualTo(one);
      }
    }
  }

  private static Object[] parts(Record one) throws Exception {
    RecordComponent[] components = one.getClass().getRecordComponents();
    Object[] parts = new Object[components.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = components[i].getAccessor().invoke(one);
    }
    return parts;
  }

  private static Object of(Record like, Object[] parts) throws Exception {
    Class<?>[] types =
        Arrays.stream(like.getClass().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    Constructor<?> canonical = like.getClass().getDeclaredConstructor(types);
    return canonical.newInstance(parts);
  }
}
