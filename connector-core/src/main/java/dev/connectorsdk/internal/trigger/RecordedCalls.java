package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.observation.Observations;
import dev.connectorsdk.internal.observation.Observations.What;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Has what triggers ask of services recorded and observed. Safe for several threads. */
final class RecordedCalls {

  private final RuntimeServices services;

  RecordedCalls(RuntimeServices services) {
    this.services = services;
  }

  /**
   * Runs a call.
   *
   * @param effect what it does at the service
   * @throws dev.connectorsdk.api.error.StoreException if there is no room for its record, and the
   *     host wants such calls to be refused
   */
  <T> @Nullable T run(
      What what, Trigger<?, ?> trigger, Effect effect, Source source, Callable<@Nullable T> call)
      throws Exception {
    Auditor auditor = services.auditor();
    Auditor.Call audited = auditor.begin(source.caller(), source.reference(), trigger.id(), effect);
    Observations.Running observed =
        services
            .observations()
            .begin(what, source.caller(), source.reference().connector(), trigger.id());
    try {
      T result = call.call();
      observed.end(null);
      auditor.end(audited, source.connection().view(), null);
      return result;
    } catch (Throwable e) {
      ConnectorException failure = Failures.from(e, "Trigger '" + trigger.id() + "'");
      observed.end(failure);
      auditor.end(audited, source.connection().view(), failure);
      ConnectorException followed =
          source
              .connection()
              .followed(failure, source.caller(), services.transport().limits().callTimeout());
      if (followed != failure) {
        throw followed;
      }
      throw e;
    }
  }
}
