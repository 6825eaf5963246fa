package dev.connectorsdk.internal.gateway.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.auth.BearerScheme;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member remembers, lest an older secret comes back. */
@Tag("C2")
class SeenVersionsTest {

  @TempDir Path temp;

  private SeenVersions seen() {
    return new SeenVersions(new MemberFolder(temp));
  }

  private static SealedUse version(long version) {
    return new SealedUse(
        new SealedUse.Owner(ConnectionId.of("c1"), ConnectorId.of("erp")),
        "token",
        version,
        new TreeSet<>(Set.of("https://erp.inside.test")),
        new Application(BearerScheme.standard(), new TreeMap<>()));
  }

  @Test
  void aFirstVersionTakesNoRoom() {
    assertThat(seen().admit(version(1))).isTrue();

    assertThat(temp.resolve("versions.json")).doesNotExist();
  }

  @Test
  void noOlderOneComesBackAfterARestartEither() {
    SeenVersions seen = seen();
    assertThat(seen.admit(version(3))).isTrue();

    for (SeenVersions one : new SeenVersions[] {seen, seen()}) {
      assertThat(one.admit(version(1))).isFalse();
      assertThat(one.admit(version(2))).isFalse();
      assertThat(one.admit(version(3))).isTrue();
    }
  }

  @Test
  void whatCannotBeRememberedIsNotUsedUntilItIs() throws Exception {
    SeenVersions seen = seen();
    Path inTheWay = Files.createDirectories(temp.resolve("versions.json.new/x"));

    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> seen.admit(version(2)));
    }
    Files.delete(inTheWay);

    assertThat(seen.admit(version(2))).isTrue();
    assertThat(seen().admit(version(1))).isFalse();
  }
}
