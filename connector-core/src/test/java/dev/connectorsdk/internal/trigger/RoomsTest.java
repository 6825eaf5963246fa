package dev.connectorsdk.internal.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectionId;
import org.junit.jupiter.api.Test;

/** How much goes on at once for each of several. */
class RoomsTest {

  private static final ConnectionId ADAS = ConnectionId.of("ada");

  @Test
  void whoHasTakenAllPlacesLeavesRoomForOthers() {
    var rooms = new Rooms<ConnectionId>(8);
    for (int i = 0; i < 8; i++) {
      assertThat(rooms.enter(ADAS)).isTrue();
    }

    assertThat(rooms.enter(ADAS)).isFalse();
    assertThat(rooms.enter(ConnectionId.of("bob"))).isTrue();
    rooms.leave(ADAS);
    assertThat(rooms.enter(ADAS)).isTrue();
    assertThat(rooms.enter(ADAS)).isFalse();
  }

  @Test
  void theFullestThatIsNotFullSaysHowMuchMayBegin() {
    var rooms = new Rooms<String>(2);
    assertThat(rooms.least()).isEqualTo(2);
    rooms.enter("a");
    assertThat(rooms.least()).isEqualTo(1);

    rooms.enter("a");
    assertThat(rooms.full()).containsExactly("a");
    assertThat(rooms.least()).isEqualTo(2);

    assertThat(rooms.leave("a")).as("it was full").isTrue();
    assertThat(rooms.leave("a")).as("it was full").isFalse();
    assertThat(rooms.full()).isEmpty();
  }
}
