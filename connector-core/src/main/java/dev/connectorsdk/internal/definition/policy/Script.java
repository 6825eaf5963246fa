package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.http.WireResponse;

/** Stands in for a connector's script: it runs in place of sending the request. */
@FunctionalInterface
public interface Script {

  /**
   * Does what the script does.
   *
   * @return what the operation is answered with
   */
  WireResponse run(ScriptCall call) throws Exception;
}
