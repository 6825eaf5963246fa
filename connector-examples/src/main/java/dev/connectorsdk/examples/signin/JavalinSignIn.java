package dev.connectorsdk.examples.signin;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Objects;

/** Sign-ins in Javalin. */
public final class JavalinSignIn {

  private final ConnectorRuntime runtime;
  private final URI callback;

  /**
   * The callback is the application's own address, followed by {@code /callback/tickets}; the
   * runtime's client has it as its redirect URI.
   */
  public JavalinSignIn(ConnectorRuntime runtime, URI callback) {
    this.runtime = runtime;
    this.callback = callback;
  }

  /** Adds the two handlers to an application whose log-in has put {@code user} in the session. */
  public void addTo(Javalin app) {
    app.get("/connect/tickets", this::connect);
    app.get("/callback/tickets", this::callback);
    app.exception(ConsentException.class, (e, ctx) -> ctx.status(403).result(e.remedy()));
  }

  private void connect(Context ctx) {
    var spec = ConnectionSpec.of("tickets", "signIn");
    PendingConsent pending = runtime.consents().begin(user(ctx).in("prod"), spec, session(ctx));
    ctx.redirect(pending.authorizationUrl().toString());
  }

  private void callback(Context ctx) {
    CompletedConsent done =
        runtime.consents().complete(user(ctx), callback, ctx.queryString(), session(ctx));
    ctx.result("Connected as " + done.connection().displayName());
  }

  private static Principal user(Context ctx) {
    String name = Objects.requireNonNull(ctx.sessionAttribute("user"), "Nobody is logged in");
    return Principal.user(name);
  }

  private static String session(Context ctx) {
    return ctx.req().getSession().getId();
  }
}
