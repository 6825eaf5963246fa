package dev.connectorsdk.definition;

import dev.connectorsdk.api.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A definition that a test writes down, with single quotes for double ones. */
final class Folder {

  static final String NO_PROPERTIES = "{'properties': {'connectionParameters': {}}}";

  private final Path path;

  private Folder(Path path) {
    this.path = path;
  }

  /** Starts a folder in a temporary one. */
  static Folder in(Path parent) {
    Path path = parent.resolve("parcels");
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Folder(path).properties(NO_PROPERTIES);
  }

  /** Writes a file as it is. */
  Folder file(String name, byte[] content) {
    try {
      Files.write(path.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Writes the whole document. */
  Folder swagger(String json) {
    return file("apiDefinition.swagger.json", bytes(json));
  }

  /** Writes a document of the service api.parcels.example with these paths. */
  Folder paths(String paths) {
    return document("'paths': {" + paths + "}");
  }

  /** Writes a document of the service api.parcels.example with these members. */
  Folder document(String members) {
    return swagger(
        """
        {'swagger': '2.0', 'info': {'title': 'Parcels', 'version': '1.2'},
         'host': 'api.parcels.example', 'basePath': '/v1', 'schemes': ['https'],
         %s}
        """
            .formatted(members));
  }

  /** Writes a document with one operation called {@code op}, given its members. */
  Folder operation(String method, String path, String members) {
    return paths(
        "'%s': {'%s': {'operationId': 'op', %s, 'responses': {}}}"
            .formatted(path, method, members));
  }

  /** Writes the whole properties file. */
  Folder properties(String json) {
    return file("apiProperties.json", bytes(json));
  }

  /** Writes a properties file with these connection parameters. */
  Folder connectionParameters(String members) {
    return properties("{'properties': {'connectionParameters': {" + members + "}}}");
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  Path path() {
    return path;
  }

  Definition load() {
    return Definition.load(path);
  }

  DefinitionReport report() {
    return load().report();
  }

  /** Loads the folder and returns an operation. */
  DefinitionAction action(String id) {
    Action<?, ?> action = load().connector().action(id).orElseThrow();
    return (DefinitionAction) action;
  }

  /** Reads JSON written with single quotes. */
  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }
}
