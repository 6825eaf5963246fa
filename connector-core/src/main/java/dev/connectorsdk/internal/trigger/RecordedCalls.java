package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.observation.Observations;
import dev.connectorsdk.internal.observation.Observations.What;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Has what triggers ask of services recorded and observed. Safe for several threads. */
final class RecordedCalls {

  private final RuntimeServices services;

  RecordedCalls(RuntimeServices services) {
    this.services = services;
  }

  /**
   * What a call is recorded as.
   *
   * @param effect what it does at the service
   * @param caller for whom
   * @param connection with what
   */
  record Call(
      What what,
      Trigger<?, ?> trigger,
      Effect effect,
      Caller caller,
      ConnectionReference reference,
      OpenConnection connection) {

    static Call of(What what, Effect effect, Trigger<?, ?> trigger, Source source) {
      return new Call(
          what, trigger, effect, source.caller(), source.reference(), source.connection());
    }
  }

  /**
   * Runs a call. What follows for the connection if the service refuses its credential does.
   *
   * @throws dev.connectorsdk.api.error.StoreException if there is no room for its record, and the
   *     host wants such calls to be refused
   */
  <T> @Nullable T run(Call as, Callable<@Nullable T> call) throws Exception {
    Duration limit = services.transport().limits().callTimeout();
    return run(as, failure -> as.connection().followed(failure, as.caller(), limit), call);
  }

  /**
   * Runs a call after which the connection stays as it is.
   *
   * @throws dev.connectorsdk.api.error.StoreException as {@link #run(Call, Callable)} does
   */
  <T> @Nullable T runAlone(Call as, Callable<@Nullable T> call) throws Exception {
    return run(as, failure -> failure, call);
  }

  private <T> @Nullable T run(
      Call as, UnaryOperator<ConnectorException> following, Callable<@Nullable T> call)
      throws Exception {
    Auditor auditor = services.auditor();
    String operation = as.trigger().id();
    Auditor.Call audited = auditor.begin(as.caller(), as.reference(), operation, as.effect());
    Observations.Running observed =
        services
            .observations()
            .begin(as.what(), as.caller(), as.reference().connector(), operation);
    try {
      T result = call.call();
      observed.end(null);
      auditor.end(audited, as.connection().view(), null);
      return result;
    } catch (Throwable e) {
      ConnectorException failure = Failures.from(e, "Trigger '" + operation + "'");
      observed.end(failure);
      auditor.end(audited, as.connection().view(), failure);
      ConnectorException followed = following.apply(failure);
      if (followed != failure) {
        throw followed;
      }
      throw e;
    }
  }
}
