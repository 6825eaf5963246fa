package dev.connectorsdk.internal.observation;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.ConnectorException;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who measures and traces what the runtime does. As it stands here it is nobody, which costs
 * nothing. Safe for several threads.
 */
public interface Observations {

  /** Nobody. */
  Observations NONE = new Observations() {};

  /** What is observed. */
  enum What {
    /** A call of an action. */
    CALL("connector.call"),
    /** A request of an unwrapped client. */
    UNWRAPPED_CALL("connector.unwrapped"),
    /** A poll of a trigger. */
    POLL("connector.poll"),
    /** What is asked of a service that calls back about a registration there. */
    REGISTRATION("connector.registration"),
    /** The fetching of a token, or its renewal. */
    REFRESH("connector.refresh"),
    /** What data policies say of something. */
    POLICY("connector.policy"),
    /** A delivery that a service has sent. */
    DELIVERY("connector.delivery"),
    /** A call of the host's handler for an event. */
    HANDLING("connector.handling");

    private final String id;

    What(String id) {
      this.id = id;
    }

    /** Returns the name of the observation. */
    String id() {
      return id;
    }
  }

  /** Something that goes on. It ends on the thread that it began on. */
  interface Running {

    /** What nobody sees. */
    Running UNSEEN = new Running() {};

    /** It was answered with a status of HTTP. */
    default void answered(int status) {
      end(String.valueOf(status), null);
    }

    /**
     * It has ended in another way.
     *
     * @param failure {@code null} if it went well
     */
    default void end(@Nullable ConnectorException failure) {
      end(failure == null ? "success" : failure.getClass().getSimpleName(), failure);
    }

    /**
     * It has ended.
     *
     * @param outcome one of few
     * @param failure {@code null} if it did not fail
     */
    default void end(String outcome, @Nullable ConnectorException failure) {}
  }

  /** A request on its way to a service, which may say there which trace it belongs to. */
  interface Sending extends Running {

    /** Returns the request to send. */
    Request request();
  }

  /** A request that nobody measures. */
  record Unseen(Request request) implements Sending {

    @Override
    public void answered(int status) {}
  }

  /**
   * Something begins that may send requests.
   *
   * @param caller who does it, or {@code null} if nobody here does
   * @param connector {@code null} if it is not known yet
   * @param operation the id of the action, the trigger or the handler
   */
  default Running begin(
      What what, @Nullable Caller caller, @Nullable ConnectorId connector, String operation) {
    return Running.UNSEEN;
  }

  /**
   * A request is about to be sent.
   *
   * @param forToken whether an auth strategy sends it for itself
   */
  default Sending send(ConnectorId connector, Request request, boolean forToken) {
    return new Unseen(request);
  }
}
