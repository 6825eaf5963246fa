package dev.connectorsdk.definition;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.definition.DefinitionReport.Warning;
import dev.connectorsdk.internal.definition.document.DefinitionContent;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.DefinitionLimits;
import dev.connectorsdk.internal.definition.document.DefinitionScan;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.ScannedDocument;
import dev.connectorsdk.internal.definition.document.TolerantJson;
import dev.connectorsdk.internal.definition.document.Warnings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the two files of a definition: goes through them at once, which finds what makes it
 * unusable, and reads the rest when it is needed. Safe for use by several threads.
 */
final class DefinitionReader {

  /** About how many bytes an operation takes that the weight of its document has no room for. */
  private static final long WEIGHT_BESIDE = 500;

  private final ConnectorId id;
  private final LoadOptions options;
  private final DefinitionFiles files;
  private final List<Warning> ofReading = new ArrayList<>();
  private final ScannedDocument scanned;
  private final JsonNode swagger;
  private final JsonNode properties;

  private DefinitionReader(
      DefinitionFiles files, DefinitionContent content, ConnectorId id, LoadOptions options) {
    this.id = id;
    this.options = options;
    this.files = files;
    this.scanned =
        DefinitionScan.swagger(content.swagger(), warnings(files.swaggerName(), ofReading));
    this.swagger = options.overlay().corrections().applied(scanned.root());
    this.properties = properties(content.properties(), warnings(files.propertiesName(), ofReading));
  }

  /**
   * Reads a definition. Whether what a host adds fits to it is found at once, too.
   *
   * @throws dev.connectorsdk.api.error.DefinitionException if it cannot be used
   */
  static Definition read(
      DefinitionFiles files, DefinitionContent content, ConnectorId id, LoadOptions options) {
    Definition definition = new Definition(new DefinitionReader(files, content, id, options));
    if (hasToFit(options)) {
      definition.report();
    }
    return definition;
  }

  /** Returns whether a host adds what a definition has to have a place for. */
  private static boolean hasToFit(LoadOptions options) {
    return !options.overlay().isNone()
        || !options.authOptions().isEmpty()
        || !options.signed().isEmpty();
  }

  private static Warnings warnings(String file, List<Warning> all) {
    return new Warnings(file, (pointer, message) -> all.add(new Warning(file, pointer, message)));
  }

  private static JsonNode properties(byte[] bytes, Warnings warnings) {
    JsonNode found = Lookup.find(TolerantJson.read(bytes, warnings), "properties");
    if (found == null || !found.isObject()) {
      throw DefinitionLimits.withoutProperties(warnings.file());
    }
    return found;
  }

  ConnectorId id() {
    return id;
  }

  String version() {
    return orElse(Lookup.text(swagger.path("info"), "version"), "0");
  }

  LoadOptions options() {
    return options;
  }

  JsonNode swagger() {
    return swagger;
  }

  JsonNode properties() {
    return properties;
  }

  boolean hasScript() {
    return files.script() != null;
  }

  /** Returns about how many bytes of the heap the definition takes once all of it was needed. */
  long weight() {
    return scanned.weight()
        + TolerantJson.weight(properties)
        + WEIGHT_BESIDE * scanned.operations().size();
  }

  /** Returns the connector, whose operations are read when they are needed. */
  Connector connector() {
    return DefinitionAssembly.of(this, scanned.operations()).connector();
  }

  /** Reads all of it, and returns what can be used of it. */
  DefinitionReport report() {
    List<Warning> warnings = new ArrayList<>(ofReading);
    return DefinitionAssembly.whole(
            this,
            warnings(files.swaggerName(), warnings),
            warnings(files.propertiesName(), warnings))
        .report(warnings);
  }

  static String orElse(@Nullable String text, String otherwise) {
    return text == null || text.isBlank() ? otherwise : text.trim();
  }
}
