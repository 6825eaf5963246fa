package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.PendingConsent;
import j2html.tags.DomContent;
import java.util.Map;

/** Makes connections and changes them. */
final class ConnectPages implements Pages {

  @Override
  public void addTo(Routes routes) {
    routes.get(
        "connectors/{connector}/connect",
        visit -> newPage(visit, connector(visit), empty(visit, connector(visit))));
    routes.post("connectors/{connector}/connect", ConnectPages::make);
    routes.get("connections/{id}/change", ConnectPages::changePage);
    routes.post("connections/{id}/change", ConnectPages::change);
  }

  private static Connector connector(Visit visit) {
    return visit.runtime().connector(visit.caller(), Entered.connector(visit.path("connector")));
  }

  /** Returns the option that the query names, or the recommended one. */
  private static AuthOption option(Visit visit, Connector connector, String usual) {
    String id = visit.query("option").orElse(usual);
    return connector
        .authOption(id)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "auth option", id, "The page of the connector lists those that there are."));
  }

  private static AuthOption option(Visit visit, Connector connector) {
    return option(visit, connector, connector.authOptions().get(0).id());
  }

  private static ConnectForm empty(Visit visit, Connector connector) {
    return new ConnectForm(connector, option(visit, connector), null, Map.of());
  }

  private static Answer.Page newPage(Visit visit, Connector connector, ConnectForm form) {
    AuthOption option = option(visit, connector);
    Link here = visit.to("connectors", connector.id().value(), "connect");
    return Answer.page(
            Section.CONNECTIONS,
            "Connect to " + connector.title(),
            wrong(form),
            options(connector, option, here),
            Html.panel(
                option.needsGateway()
                    ? throughGateway()
                    : form(
                        visit,
                        connector,
                        option,
                        here,
                        form,
                        option.scheme().needsConsent() ? "Go on to the sign-in" : "Connect")))
        .intro(
            option.scheme().needsConsent()
                ? "You sign in at the service itself. This console sees no password."
                : "What you enter is stored encrypted and never shown again.")
        .status(form.isFaulty() ? 422 : 200);
  }

  private static DomContent throughGateway() {
    return p(
        "This way leads through a gateway: its secrets are sealed on your own machine before they"
            + " are sent, which a page without a script of its own cannot do. Use the host's"
            + " program for it.");
  }

  private static DomContent options(Connector connector, AuthOption chosen, Link here) {
    return iff(
        connector.authOptions().size() > 1,
        nav(each(
                connector.authOptions(),
                option ->
                    a(option.title())
                        .withHref(here.with("option", option.id()).toString())
                        .condAttr(option.id().equals(chosen.id()), "aria-current", "true")))
            .withClass("tabs")
            .attr("aria-label", "Ways to authenticate"));
  }

  private static DomContent form(
      Visit visit,
      Connector connector,
      AuthOption option,
      Link target,
      ConnectForm form,
      String label) {
    String reach = visit.runtime().connections().reach(visit.caller(), connector.id(), option.id());
    return Html.post(
        visit,
        target.with("option", option.id()),
        each(form.fields(), Field::html),
        iff(
            !reach.isEmpty(),
            div(h2("Where your credentials go"), pre(reach), Html.hidden("reach", reach))),
        div(Html.primary(label)).withClass("actions"));
  }

  private static DomContent wrong(ConnectForm form) {
    return div(
        Field.summary(form.fields()),
        iff(
            !form.otherFaults().isEmpty(),
            div(ul(each(form.otherFaults(), fault -> li(fault))))
                .withClass("notice bad")
                .attr("role", "alert")));
  }

  private static Answer make(Visit visit) {
    Connector connector = connector(visit);
    AuthOption option = option(visit, connector);
    ConnectForm form = new ConnectForm(connector, option, null, visit.fields());
    try {
      ConnectionSpec spec = form.spec();
      if (option.scheme().needsConsent()) {
        return SignInPages.leading(
            visit, connector.title(), connector.id(), () -> begin(visit, connector, spec));
      }
      Connection made = visit.runtime().connections().create(visit.caller(), spec);
      return Answer.seeOther(visit.to("connections", made.id().value()), Notice.CONNECTION_MADE);
    } catch (InvalidInputException e) {
      return newPage(visit, connector, form.refused(e));
    }
  }

  private static PendingConsent begin(Visit visit, Connector connector, ConnectionSpec spec) {
    return visit
        .runtime()
        .consents()
        .begin(
            visit.caller(),
            spec,
            visit.visitor().session().reveal(),
            SignInPages.options(visit, connector.id()));
  }

  private static Answer changePage(Visit visit) {
    Mine mine = Mine.of(visit);
    Connector connector = mine.connector().orElseThrow(() -> gone(mine));
    AuthOption option = option(visit, connector, mine.connection().authOption());
    return changePage(
        visit, mine, option, new ConnectForm(connector, option, mine.connection(), Map.of()));
  }

  private static NotFoundException gone(Mine mine) {
    return new NotFoundException(
        "connector", mine.connection().connector().value(), "Ask an administrator.");
  }

  private static Answer.Page changePage(
      Visit visit, Mine mine, AuthOption option, ConnectForm form) {
    Connector connector = mine.connector().orElseThrow(() -> gone(mine));
    Link here = mine.link(visit, "change");
    return Answer.page(
            Section.CONNECTIONS,
            "Change " + mine.connection().displayName(),
            wrong(form),
            options(connector, option, here),
            Html.panel(
                option.needsGateway()
                    ? throughGateway()
                    : form(visit, connector, option, here, form, "Save"),
                p(Html.link("Back to the connection", mine.link(visit)))))
        .intro(
            "It keeps its id, so all that uses it goes on with what you enter here."
                + (option.scheme().needsConsent() ? " Sign in afterwards." : ""))
        .status(form.isFaulty() ? 422 : 200);
  }

  private static Answer change(Visit visit) {
    Mine mine = Mine.of(visit);
    Connector connector = mine.connector().orElseThrow(() -> gone(mine));
    AuthOption option = option(visit, connector, mine.connection().authOption());
    ConnectForm form = new ConnectForm(connector, option, mine.connection(), visit.fields());
    try {
      visit.runtime().connections().update(visit.caller(), mine.id(), form.spec());
    } catch (InvalidInputException e) {
      return changePage(visit, mine, option, form.refused(e));
    }
    return Answer.seeOther(mine.link(visit), Notice.CONNECTION_CHANGED);
  }
}
