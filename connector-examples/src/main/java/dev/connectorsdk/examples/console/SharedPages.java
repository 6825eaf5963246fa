package dev.connectorsdk.examples.console;

/** What others have shared with the visitor. */
final class SharedPages implements Pages {

  @Override
  public void addTo(Routes routes) {
    routes.get("shared", SharedPages::page);
  }

  private static Answer page(Visit visit) {
    return Answer.page(
            Section.SHARED,
            "Shared with me",
            SharedConnectionsList.of(visit),
            SharedFlows.of(visit))
        .intro("What is another's, and you may use, in " + visit.caller().environment() + ".");
  }
}
