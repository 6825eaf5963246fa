package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.p;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import j2html.tags.DomContent;
import java.net.URI;
import java.util.function.Supplier;

/** Sign-ins at services, there and back. */
final class SignInPages implements Pages {

  private static final String CALLBACK = "callback";

  @Override
  public void addTo(Routes routes) {
    routes.post("connections/{id}/sign-in", SignInPages::begin);
    routes.getFromElsewhere(CALLBACK + "/{environment}/{connector}", SignInPages::complete);
  }

  /** Returns the button that begins the sign-in of a connection. */
  static DomContent start(Visit visit, Mine mine, String label) {
    return Html.action(visit, mine.link(visit, "sign-in"), button(label));
  }

  /** Returns the button that begins it for an account other than before. */
  static DomContent asSomebodyElse(Visit visit, Mine mine) {
    return details(
        summary("Sign in with another account"),
        p("What uses this connection then acts as that account."),
        Html.post(
            visit,
            mine.link(visit, "sign-in"),
            Html.hidden("other", "yes"),
            button("Sign in with another account")));
  }

  private static Answer begin(Visit visit) {
    Mine mine = Mine.of(visit);
    ConsentOptions options = options(visit, mine.connection().connector());
    boolean other = visit.field("other").isPresent();
    return leading(
        visit,
        mine.connection().displayName(),
        mine.connection().connector(),
        () ->
            visit
                .runtime()
                .consents()
                .begin(
                    visit.caller(),
                    mine.id(),
                    visit.visitor().session().reveal(),
                    other ? options.allowingOtherAccount() : options));
  }

  /**
   * Returns how a sign-in of a connector comes back: to a path that names environment and
   * connector.
   */
  static ConsentOptions options(Visit visit, ConnectorId connector) {
    return ConsentOptions.standard()
        .redirectUri(callback(visit, visit.caller().environment().name(), connector.value()));
  }

  static URI callback(Visit visit, String environment, String connector) {
    Link callback = Link.below(CALLBACK, environment, connector);
    return visit.site().address().page(callback.path());
  }

  /**
   * Returns the page that leads to the service. It is a link: a form that ends elsewhere is what
   * the policy of the pages refuses.
   *
   * @param begin begins the sign-in
   */
  static Answer leading(
      Visit visit, String name, ConnectorId connector, Supplier<PendingConsent> begin) {
    PendingConsent pending;
    try {
      pending = begin.get();
    } catch (IllegalArgumentException e) {
      return notReady(visit, connector);
    }
    String host = pending.authorizationUrl().getHost();
    return Answer.page(
            Section.CONNECTIONS,
            "Sign in for " + name,
            Html.panel(
                p(
                    text("You go on to "),
                    strong(host),
                    text(
                        ", sign in there, and come back here. Enter your password only there, and"
                            + " only if the address bar shows this name.")),
                div(
                        a("Go on to " + host)
                            .withHref(pending.authorizationUrl().toString())
                            .withRel("noreferrer")
                            .withClass("button primary"),
                        Html.link("Not now", visit.to("connections", pending.connection().value())))
                    .withClass("actions"),
                p(text("The link works until "), Html.time(pending.expiresAt())).withClass("hint")))
        .intro("One step, at the service itself.");
  }

  /** The host's client does not know the console yet. */
  private static Answer notReady(Visit visit, ConnectorId connector) {
    URI callback = callback(visit, visit.caller().environment().name(), connector.value());
    return Answer.page(
            Section.CONNECTIONS,
            "Nobody signs in here yet",
            Html.problem(
                "The application is not registered for sign-ins that come back to this console.",
                "An administrator adds this redirect URI to its client, here and at the service: "
                    + callback))
        .status(409);
  }

  private static Answer complete(Visit visit) {
    String connector = Entered.connector(visit.path("connector")).value();
    URI address = callback(visit, visit.path("environment"), connector);
    CompletedConsent done;
    try {
      done =
          visit
              .runtime()
              .consents()
              .complete(
                  visit.caller().principal(),
                  address,
                  visit.query().orElse(null),
                  visit.visitor().session().reveal());
    } catch (ConsentException e) {
      return Answer.page(
              Section.CONNECTIONS,
              "You are not signed in",
              Html.problem(Wording.inWords(String.valueOf(e.getMessage())), e.remedy()),
              p(Html.link("To my connections", visit.to(Section.CONNECTIONS))))
          .status(403);
    }
    Connection connection = done.connection();
    return Answer.seeOther(
        visit.to("connections", connection.id().value()),
        done.missingScopes().isEmpty() ? Notice.SIGNED_IN : Notice.SIGNED_IN_WITH_LESS);
  }
}
