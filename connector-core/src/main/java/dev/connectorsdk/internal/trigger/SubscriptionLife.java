package dev.connectorsdk.internal.trigger;

import static dev.connectorsdk.trigger.Subscription.Phase.ACTIVE;
import static dev.connectorsdk.trigger.Subscription.Phase.CURSOR_LOST;
import static dev.connectorsdk.trigger.Subscription.Phase.ENDED;
import static dev.connectorsdk.trigger.Subscription.Phase.ENDING;
import static dev.connectorsdk.trigger.Subscription.Phase.GUARDED;
import static dev.connectorsdk.trigger.Subscription.Phase.PAUSED;
import static dev.connectorsdk.trigger.Subscription.Phase.SUBSCRIBING;
import static dev.connectorsdk.trigger.Subscription.Phase.WAITING;

import dev.connectorsdk.trigger.Subscription.Phase;

/** In which phases a subscription can be, and what moves it on. */
final class SubscriptionLife {

  /** What moves a subscription on. */
  enum Signal {
    /** The service has registered the callback. */
    REGISTERED,
    /** The connection or the flow cannot be used. */
    BROKE,
    /** They can be used again. */
    MENDED,
    /** The host pauses it. */
    PAUSE,
    /** The host resumes it. */
    RESUME,
    /** The cursor is lost, and the trigger does not say where to go on. */
    FORGOTTEN,
    /** The host says where to go on. */
    REWIND,
    /** Too many events came. */
    FLOODED,
    /** The host ends it, and something is registered at the service. */
    UNSUBSCRIBE,
    /** Nothing is registered at the service any more. */
    UNREGISTERED
  }

  static final Transitions<Phase, Signal> TABLE =
      Transitions.<Phase, Signal>endingIn(ENDED)
          .on(SUBSCRIBING, Signal.REGISTERED, ACTIVE)
          .on(SUBSCRIBING, Signal.BROKE, WAITING)
          .on(SUBSCRIBING, Signal.PAUSE, PAUSED)
          .on(SUBSCRIBING, Signal.UNSUBSCRIBE, ENDING)
          .on(ACTIVE, Signal.BROKE, WAITING)
          .on(ACTIVE, Signal.PAUSE, PAUSED)
          .on(ACTIVE, Signal.FORGOTTEN, CURSOR_LOST)
          .on(ACTIVE, Signal.REWIND, ACTIVE)
          .on(ACTIVE, Signal.FLOODED, GUARDED)
          .on(ACTIVE, Signal.UNSUBSCRIBE, ENDING)
          .on(PAUSED, Signal.RESUME, ACTIVE)
          .on(PAUSED, Signal.REWIND, PAUSED)
          .on(PAUSED, Signal.FORGOTTEN, CURSOR_LOST)
          .on(PAUSED, Signal.UNSUBSCRIBE, ENDING)
          .on(WAITING, Signal.MENDED, ACTIVE)
          .on(WAITING, Signal.BROKE, WAITING)
          .on(WAITING, Signal.PAUSE, PAUSED)
          .on(WAITING, Signal.REWIND, WAITING)
          .on(WAITING, Signal.FORGOTTEN, CURSOR_LOST)
          .on(WAITING, Signal.UNSUBSCRIBE, ENDING)
          .on(CURSOR_LOST, Signal.FORGOTTEN, CURSOR_LOST)
          .on(CURSOR_LOST, Signal.REWIND, ACTIVE)
          .on(CURSOR_LOST, Signal.UNSUBSCRIBE, ENDING)
          .on(GUARDED, Signal.RESUME, ACTIVE)
          .on(GUARDED, Signal.PAUSE, PAUSED)
          .on(GUARDED, Signal.REWIND, GUARDED)
          .on(GUARDED, Signal.FORGOTTEN, CURSOR_LOST)
          .on(GUARDED, Signal.UNSUBSCRIBE, ENDING)
          .on(ENDING, Signal.UNREGISTERED, ENDED)
          .build();

  private SubscriptionLife() {}
}
