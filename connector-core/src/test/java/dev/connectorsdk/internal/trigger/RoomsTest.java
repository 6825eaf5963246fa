package dev.connectorsdk.internal.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectionId;
import org.junit.jupiter.api.Test;

/** How many polls use one connection at once. */
class RoomsTest {

  private static final ConnectionId ADAS = ConnectionId.of("ada");

  @Test
  void eightPollsUseAConnectionAtOnceAndLeaveRoomForThoseOfOthers() {
    var rooms = new Rooms();
    for (int i = 0; i < 8; i++) {
      assertThat(rooms.enter(ADAS)).isTrue();
    }

    assertThat(rooms.enter(ADAS)).isFalse();
    assertThat(rooms.enter(ConnectionId.of("bob"))).isTrue();
    rooms.leave(ADAS);
    assertThat(rooms.enter(ADAS)).isTrue();
    assertThat(rooms.enter(ADAS)).isFalse();
  }
}
