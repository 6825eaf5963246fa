package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.http.WireRequest;
import dev.connectorsdk.internal.http.WireResponse;

/** What a script gets. Valid until it returns, on its thread. */
public interface ScriptCall {

  /** Returns the id of the operation that is called. */
  String operation();

  /** Returns the request that would be sent. */
  WireRequest request();

  /** Sends a request to the service, or to another host that the connection may go to. */
  WireResponse send(WireRequest request);
}
