package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.EventListener;
import org.jspecify.annotations.Nullable;

/**
 * The room that a call of OkHttp takes up whose answer somebody else reads: until it has been read
 * or closed, or the call has failed or was cancelled.
 */
final class Stay extends EventListener {

  private enum State {
    SENT,
    HANDED_OVER,
    ENDED
  }

  private final @Nullable Room room;
  private final CallBudget budget;
  private final AtomicReference<State> state = new AtomicReference<>(State.SENT);

  private Stay(@Nullable Room room, CallBudget budget) {
    this.room = room;
    this.budget = budget;
  }

  /** Takes the room; see {@link Room#enter}. */
  static Stay of(Call call, BoundHttp http, long deadline) {
    Room room = http.room(call.request().url());
    boolean entered = room.enter(http, call.request(), deadline);
    Stay stay = new Stay(entered ? room : null, http.budget());
    http.budget().began();
    call.addEventListener(stay);
    return stay;
  }

  /** Says that from now on it is up to somebody else when it ends. */
  void handOver() {
    if (state.compareAndSet(State.SENT, State.HANDED_OVER) && room != null) {
      room.handedOver();
    }
  }

  void end() {
    State before = state.getAndSet(State.ENDED);
    if (before == State.ENDED) {
      return;
    }
    budget.ended();
    if (room != null) {
      if (before == State.HANDED_OVER) {
        room.closed();
      }
      room.leave();
    }
  }

  @Override
  public void callEnd(Call call) {
    end();
  }

  @Override
  public void callFailed(Call call, IOException e) {
    end();
  }

  @Override
  public void canceled(Call call) {
    end();
  }
}
