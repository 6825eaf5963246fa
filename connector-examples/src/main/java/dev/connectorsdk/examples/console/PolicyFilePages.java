package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.governance.Policies.Saved;
import j2html.tags.DomContent;

/** What policies say now, as files to go back to: a store keeps no earlier versions. */
final class PolicyFilePages implements Pages {

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/policies/file", PolicyFilePages::file);
  }

  private static Answer file(Visit visit) {
    String name = visit.query("name").orElse("");
    Saved saved = PolicyPages.required(visit, name);
    String version = String.valueOf(saved.version());
    if (!visit.query("version").orElse(version).equals(version)) {
      throw new ConflictException("Data policy '" + name + "'");
    }
    return new Answer.File(name + "-" + version + ".json", saved.policy().toJson());
  }

  /** Returns how somebody keeps a version before it is changed or deleted. */
  static DomContent keep(Visit visit, Saved saved) {
    Link file =
        PolicyPages.to(visit, "file")
            .with("name", saved.policy().name())
            .with("version", String.valueOf(saved.version()));
    return p(
            text("Earlier versions are not stored. To be able to go back, "),
            a("keep version " + saved.version() + " as a file")
                .withHref(file.toString())
                .attr("download"),
            text(", whose text can be written into the policy's page again."))
        .withClass("hint");
  }
}
