package dev.connectorsdk.examples.console;

import static j2html.TagCreator.p;

/** The first page. */
final class HomePages implements Pages {

  @Override
  public void addTo(Routes routes) {
    routes.get("", HomePages::home);
  }

  private static Answer home(Visit visit) {
    return Answer.page(Section.HOME, "Home", p("What is yours, and what is offered."));
  }
}
