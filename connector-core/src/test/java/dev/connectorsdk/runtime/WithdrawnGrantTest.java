package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens on two nodes, whom a node has refused it lets in again only after somebody has
 * granted something to that one, taken back what was denied, or put that one into a group.
 */
@Tag("I1")
class WithdrawnGrantTest extends HostTest {

  private static final Principal STAFF = Principal.group("staff");
  private static final List<Principal> USERS =
      List.of(Principal.user("bob"), Principal.user("cyd"), Principal.user("dan"));

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();
  private final Set<Principal> staff = new HashSet<>();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, keys)
        .memberships((group, member) -> group.equals(STAFF) && staff.contains(member));
  }

  /** What can happen to rights on Ada's connection. */
  private enum Step {
    GRANT,
    GRANT_FOR_A_MINUTE,
    REVOKE,
    JOIN,
    LEAVE,
    WAIT
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isNeverAllowedAgainByItself(long seed) {
    Random random = new Random(seed);
    List<String> story = new ArrayList<>();
    ConnectionId adas = connect(ADA, "adas").id();
    try (ConnectorRuntime other = with(builder()).build()) {
      List<ConnectorRuntime> nodes = List.of(runtime, other);
      Set<List<Object>> refused = new HashSet<>();
      for (Principal user : USERS) {
        runtime.connections().grant(ADA, adas, user, Right.USE);
        runtime.references().bind(user.in("dev"), SHARED, adas);
        runtime.connections().revoke(ADA, adas, user);
      }
      for (int i = 0; i < 40; i++) {
        Set<Principal> favoured = happens(random, nodes, adas, story);
        if (!favoured.isEmpty()) {
          clock.advance(Duration.ofSeconds(5)); // so that all nodes know
          refused.removeIf(one -> favoured.contains(one.get(1)));
        }
        for (Principal user : USERS) {
          List<Object> there = List.of(nodes.get(random.nextInt(2)), user);
          boolean allowed = isAllowed((ConnectorRuntime) there.get(0), user.in("dev"));
          story.add(user + (allowed ? " is let in" : " is refused"));
          assertThat(allowed && refused.contains(there)).as("seed %d: %s", seed, story).isFalse();
          if (!allowed) {
            refused.add(there);
          }
        }
      }
    }
  }

  /** Returns who may have got a right by what happened. */
  private Set<Principal> happens(
      Random random, List<ConnectorRuntime> nodes, ConnectionId adas, List<String> story) {
    Step step = any(random, List.of(Step.values()));
    Principal user = any(random, USERS);
    Principal grantee = random.nextInt(4) == 0 ? STAFF : user;
    Principal by = random.nextBoolean() ? ADA.principal() : any(random, USERS);
    Right right = any(random, List.of(Right.values()));
    var connections = nodes.get(random.nextInt(2)).connections();
    story.add(step + " " + right + " to " + grantee + " by " + by);
    try {
      switch (step) {
        case GRANT -> connections.grant(by.in("dev"), adas, grantee, right);
        case GRANT_FOR_A_MINUTE ->
            connections.grant(by.in("dev"), adas, grantee, right, clock.instant().plusSeconds(60));
        case REVOKE -> connections.revoke(by.in("dev"), adas, grantee);
        case JOIN -> staff.add(user);
        case LEAVE -> staff.remove(user);
        case WAIT -> clock.advance(Duration.ofSeconds(1 + random.nextInt(30)));
      }
    } catch (NotFoundException | InvalidInputException | IllegalArgumentException e) {
      story.add("refused");
      return Set.of();
    }
    return switch (step) {
      case GRANT, GRANT_FOR_A_MINUTE, REVOKE -> ofGroups(grantee);
      case JOIN -> Set.of(user);
      case LEAVE, WAIT -> Set.of();
    };
  }

  private static <T> T any(Random random, List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** To take back what was denied by name, or to a group, may let somebody in. */
  private static Set<Principal> ofGroups(Principal grantee) {
    return grantee.equals(STAFF) ? Set.copyOf(USERS) : Set.of(grantee);
  }

  private static boolean isAllowed(ConnectorRuntime node, Caller caller) {
    try {
      node.references().resolve(caller, SHARED);
      return true;
    } catch (ConnectorException e) {
      return false;
    }
  }
}
