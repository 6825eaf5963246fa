package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;

/** To whom an embedded reference belongs, and in whose name it is used. */
final class Ownership {

  private Ownership() {}

  /** Returns whose reference it is. */
  static Principal of(Caller caller, ConnectionReference reference) {
    Principal named = reference.owner();
    return named == null ? user(caller) : named;
  }

  /** Returns in whose name a caller uses references: the flow's owner's, or the own one. */
  static Principal user(Caller caller) {
    Flow flow = caller.flow();
    return flow == null ? caller.principal() : flow.owner();
  }

  /** The same whether there is such a reference or not. */
  static ResolutionException notGranted(Caller caller, ConnectionReference reference) {
    return caller.flow() == null
        ? new ResolutionException.Denied(
            reference,
            caller,
            "the reference is somebody else's, and the call runs no flow.",
            "Call for a flow, caller.running(flow), to whose owner the reference was granted.")
        : new ResolutionException.Denied(
            reference,
            caller,
            "the reference is somebody else's, who has not granted it to the owner of the flow.",
            "Have the owner of the reference grant it to the owner of the flow.");
  }
}
