package dev.connectorsdk.internal.gateway.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.error.SecretUnreadableException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a host can have a member seal again, and what not. */
@Tag("C2")
class ResealingTest {

  @TempDir Path temp;
  private final SealingKey former = SealingKey.random();
  private final SealingKey present = SealingKey.random();
  private final Map<String, String> shown = new LinkedHashMap<>(); // by connection
  private final Map<String, String> returned = new LinkedHashMap<>();
  private boolean endless;
  private SealingKey shownKey = present;
  private int answersBeforeTheLineIsCut = Integer.MAX_VALUE;
  private MemberKeys keys;
  private SeenVersions seen;
  private Membership membership;
  private Resealing resealing;

  @BeforeEach
  void makeMember() {
    MemberFolder folder = new MemberFolder(temp);
    keys = MemberKeys.loadOrCreate(folder);
    keys.keep(former);
    keys.keep(present);
    seen = new SeenVersions(folder);
    membership = new Membership(folder, keys, this::answer);
    resealing = new Resealing(membership, keys, seen, this::answer);
  }

  /** A host that shows whatever the test says. */
  private JsonNode answer(String method, JsonNode arguments) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (method) {
      case Membership.STATE -> json.put("confirmed", true).put("key", shownKey.publicJwk());
      case Resealing.STALE -> {
        shown.forEach(
            (connection, value) ->
                json.withArray("/connections")
                    .addObject()
                    .put("connection", connection)
                    .withArray("/sealed")
                    .add(value));
        if (endless) {
          json.put("next", "more");
        }
      }
      case Resealing.RESEALED -> {
        if (answersBeforeTheLineIsCut-- == 0) {
          throw new IllegalStateException("the line was cut");
        }
        String connection = arguments.path("connection").asString();
        returned.put(connection, arguments.path("sealed").path(0).asString());
        shown.remove(connection);
        json.put("replaced", true);
      }
      default -> throw new IllegalArgumentException(method);
    }
    return json;
  }

  private static SealedUse use(String connection, long version) {
    return new SealedUse(
        new SealedUse.Owner(ConnectionId.of(connection), ConnectorId.of("erp")),
        "token",
        version,
        new TreeSet<>(Set.of("https://erp.inside.test")),
        new Application(BearerScheme.standard(), new TreeMap<>()));
  }

  private String sealed(String connection, SealingKey key) {
    return SealedValue.seal(Secret.of("s3cret"), key, use(connection, 1)).toString();
  }

  @Test
  void aSecretIsSealedWithThePresentKeyForTheSameUse() {
    shown.put("c1", sealed("c1", former));

    assertThat(resealing.run()).isEqualTo(new Resealing.Outcome(1, Set.of()));

    SealedValue again = SealedValue.parse(returned.get("c1"));
    assertThat(again.keyId()).isEqualTo(present.fingerprint());
    assertThat(again.purpose()).hasToString(use("c1", 1).toString());
    assertThat(again.open(present).reveal()).isEqualTo("s3cret");
  }

  @Test
  void whatIsShownAsAnotherConnectionsIsNotSealedForThat() {
    shown.put("c2", sealed("c1", former));

    assertThat(resealing.run()).isEqualTo(new Resealing.Outcome(0, Set.of("c2")));

    assertThat(returned).isEmpty();
  }

  @Test
  void anOlderSecretThanTheMemberHasSeenIsNotSealedAgain() {
    seen.admit(use("c1", 2));
    shown.put("c1", sealed("c1", former));

    assertThat(resealing.run().left()).containsExactly("c1");

    assertThat(returned).isEmpty();
  }

  @Test
  void whatIsNotSealedForThisMemberOrWasChangedIsLeft() {
    String sealed = sealed("c3", former);
    shown.put("c1", sealed("c1", SealingKey.random()));
    shown.put("c2", "s3cret");
    shown.put("c3", sealed.substring(0, sealed.length() - 4) + "AAAA");

    assertThat(resealing.run().left()).containsExactlyInAnyOrder("c1", "c2", "c3");

    assertThat(returned).isEmpty();
  }

  @Test
  void aKeyOfTheHostsOwnIsNotSealedWith() {
    shown.put("c1", sealed("c1", former));

    for (SealingKey other : Set.of(SealingKey.random(), former)) {
      shownKey = other;
      assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(resealing::run);
    }

    assertThat(returned).isEmpty();
  }

  @Test
  void aHostThatShowsConnectionsWithoutAnEndIsLeft() {
    endless = true;

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(resealing::run)
        .withMessageContaining("without an end");
  }

  @Test
  void whatWasBrokenOffGoesOn() {
    shown.put("c1", sealed("c1", former));
    shown.put("c2", sealed("c2", former));
    answersBeforeTheLineIsCut = 1;
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(resealing::run);
    assertThat(returned).containsOnlyKeys("c1");
    assertThat(keys.hasFormer()).isTrue();
    answersBeforeTheLineIsCut = Integer.MAX_VALUE;

    assertThat(resealing.run().sealed()).isEqualTo(1);

    assertThat(returned).containsOnlyKeys("c1", "c2");
  }

  @Test
  void theFormerKeyIsForgottenWhenNothingIsLeftAndNeverTakenAgain() {
    shown.put("c1", sealed("c1", former));
    resealing.run();
    resealing.run();
    assertThat(keys.sealing(former.fingerprint())).isPresent();

    resealing.run();

    for (MemberKeys after :
        new MemberKeys[] {keys, MemberKeys.loadOrCreate(new MemberFolder(temp))}) {
      assertThat(after.sealing(former.fingerprint())).isEmpty();
      assertThat(after.newestSealing())
          .map(SealingKey::fingerprint)
          .hasValue(present.fingerprint());
      assertThatExceptionOfType(SecretUnreadableException.class)
          .isThrownBy(() -> after.keep(former))
          .withMessageContaining("not taken again");
    }
  }
}
