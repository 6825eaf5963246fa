package dev.connectorsdk.definition;

import static dev.connectorsdk.definition.Folder.NO_PROPERTIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.internal.definition.document.DefinitionNames;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadingTest {

  private static final String PATHS =
      "'/parcels': {'get': {'operationId': 'list', 'responses': {}}}";

  @TempDir Path temp;
  private Folder folder;

  @BeforeEach
  void aFolder() {
    folder = Folder.in(temp).paths(PATHS);
  }

  @Test
  void namesTheConnectorAfterTheFolderAndTheDocument() {
    Definition definition = folder.load();

    assertThat(definition.connector().id()).isEqualTo(ConnectorId.of("parcels"));
    assertThat(definition.connector().title()).isEqualTo("Parcels");
    assertThat(definition.connector().version()).isEqualTo("1.2");
    assertThat(definition).hasToString("parcels 1.2");
  }

  @Test
  void operationsKeepTheirTags() {
    Definition definition =
        folder
            .paths("'/parcels': {'get': {'operationId': 'list', 'tags': ['post', 7, ' x ']}}")
            .load();

    assertThat(definition.connector().action("list").orElseThrow().tags())
        .containsExactlyInAnyOrder("post", "x");
  }

  @Test
  void takesAnIdOfTheHostsChoice() {
    Definition definition = Definition.load(folder.path(), ConnectorId.of("post"));

    assertThat(definition.connector().id()).isEqualTo(ConnectorId.of("post"));
    assertThat(definition.report().connector()).isEqualTo(ConnectorId.of("post"));
  }

  @Test
  void makesAnIdOfAnyFolderName() {
    assertThat(DefinitionNames.sanitised("Üse: Case (v2)", "x")).isEqualTo("se-Case-v2");
    assertThat(DefinitionNames.sanitised("日本", "x")).isEqualTo("x");
    assertThat(DefinitionNames.sanitised("a".repeat(300), "x")).hasSize(180);
  }

  @Test
  void findsFilesWhateverTheirCaseAndADefinitionByItsName() throws IOException {
    Files.move(
        folder.path().resolve("apiDefinition.swagger.json"),
        folder.path().resolve("Parcels.swagger.json"));
    Files.move(
        folder.path().resolve("apiProperties.json"), folder.path().resolve("APIPROPERTIES.JSON"));
    folder.file("settings.json", new byte[0]);

    assertThat(folder.report().operations()).hasSize(1);
  }

  @Test
  void refusesAFolderWithoutTheFiles() throws IOException {
    refused(temp, "has no apiProperties.json");
    refused(temp.resolve("nowhere"), "cannot be read as a folder");
    Files.delete(folder.path().resolve("apiDefinition.swagger.json"));
    refused(folder.path(), "parcels: has no apiDefinition.swagger.json");
    folder.file("a.swagger.json", new byte[0]).file("b.swagger.json", new byte[0]);
    refused(folder.path(), "parcels: has several files named like apiDefinition.swagger.json");
  }

  @Test
  void skipsAByteOrderMark() {
    folder.file(
        "apiProperties.json",
        ("\uFEFF" + NO_PROPERTIES).replace('\'', '"').getBytes(StandardCharsets.UTF_8));

    assertThat(folder.report().warnings())
        .extracting(Object::toString)
        .containsExactly("apiProperties.json#: starts with a byte-order mark, which was skipped");
  }

  @Test
  void readsWhatIsNotUtf8AsWindows1252() {
    folder.file(
        "apiDefinition.swagger.json",
        "{\"swagger\":\"2.0\",\"host\":\"a.example\",\"info\":{\"title\":\"Päckchen – schnell\"},\"paths\":{}}"
            .getBytes(Charset.forName("windows-1252")));

    assertThat(folder.load().connector().title()).isEqualTo("Päckchen – schnell");
    assertThat(folder.report().warnings())
        .extracting(DefinitionReport.Warning::message)
        .containsExactly("is not UTF-8 and was read as windows-1252");
  }

  @Test
  @Tag("H2")
  void aTextIsUtf8OrRefusedWithThePlace() {
    folder.file(
        "apiDefinition.swagger.json",
        "{\"swagger\":\"2.0\",\n \"€\": \"P\u00e4ckchen\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(DefinitionText.read("parcels", folder.path()).swagger())
        .contains("€", "P\u00e4ckchen");
    folder.file(
        "apiDefinition.swagger.json",
        "{\"swagger\":\"2.0\",\n \"\u00a4\": \"P\u00e4ckchen\"}"
            .getBytes(StandardCharsets.ISO_8859_1));

    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> DefinitionText.read("parcels", folder.path()))
        .withMessage("apiDefinition.swagger.json:2:3: is not UTF-8 here");
  }

  @Test
  void acceptsTrailingCommasTabsInTextAndExoticBlanks() {
    folder.swagger(
        "{'swagger':\u2003'2.0',\u00A0'host': 'a.example', 'info': {'title': 'a\tb\u2003c\\'d',},"
                .replace("\\'", "\\\"")
            + "'schemes': ['https',], 'paths': {},}");

    assertThat(folder.load().connector().title()).isEqualTo("a\tb\u2003c\"d");
    assertThat(folder.report().warnings())
        .extracting(DefinitionReport.Warning::message)
        .containsExactly("has unusual blanks between its tokens, which were read as spaces");
  }

  @Test
  void takesTheLastOfTwoEqualNames() {
    folder.document("'info': {'title': 'First', 'title': 'Last'}, 'paths': {}");

    assertThat(folder.load().connector().title()).isEqualTo("Last");
  }

  @Test
  @Tag("D3")
  void saysWhereAFileIsNoJsonAndNothingOfItsContent() {
    folder.properties(
        """
        {'properties': {
          'clientSecret': 's3cret'
          'publisher': 'Parcels'}}
        """);

    refused(folder.path(), "apiProperties.json:3:3: not JSON here; a comma, colon, quote, brace")
        .withMessageNotContaining("s3cret")
        .withNoCause()
        .satisfies(
            e -> {
              assertThat(e.file()).isEqualTo("apiProperties.json");
              assertThat(e.line()).isEqualTo(3);
              assertThat(e.column()).isEqualTo(3);
            });
  }

  @Test
  void countsColumnsInCharactersAsEditorsDo() {
    folder.properties("{'properties': {\n  'title': 'Übergrößenträger' 'publisher': 'Parcels'}}");

    refused(folder.path(), "apiProperties.json:2:31: not JSON here");
  }

  @ParameterizedTest
  @Tag("D3")
  @ValueSource(
      strings = {"{'a': s3cret}", "{'a': 's3cret\\q'}", "{'a': 1 s3cret}", "{} s3cret", "s3cret"})
  void neverQuotesWhatItCannotRead(String content) {
    folder.properties(content);

    refused(folder.path(), "apiProperties.json:1:").withMessageNotContaining("s3cret");
  }

  @Test
  void addsTheLastBracesOfAFileThatLostThem() {
    folder.paths(PATHS).properties("{'properties': {'connectionParameters': {}");

    assertThat(folder.report().warnings())
        .extracting(Object::toString)
        .containsExactly("apiProperties.json#: ends before its last braces, which were added");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'properties': {'a': 1",
        "{'properties': {'a': {'b': {'c': {'d': {}",
        "{'properties': {'a': '",
        "{'properties': {'a': {}, ",
        "{'properties': {'a': [}",
        "{'properties'",
        ""
      })
  void doesNotGuessWhatElseIsMissingAtTheEnd(String content) {
    folder.properties(content);

    assertThatExceptionOfType(DefinitionException.class).isThrownBy(folder::load);
  }

  @Test
  void refusesWhatIsNoDefinition() {
    folder.swagger("{'openapi': '3.0.1', 'paths': {}}");
    refused(folder.path(), "is not an OpenAPI 2.0 document");
    folder.swagger("{'swagger': '2.0'}");
    refused(folder.path(), "has no object called paths");
    folder.swagger("[]");
    refused(folder.path(), "apiDefinition.swagger.json:1:1: is not a JSON object");
    folder.paths(PATHS).properties("{'property': {}}");
    refused(folder.path(), "has no object called properties");
  }

  @Test
  @Tag("H1")
  @Timeout(10)
  void refusesReferencesToElsewhereWithoutFollowingThem() throws IOException {
    try (ServerSocket listener = new ServerSocket(0)) {
      listener.setSoTimeout(1);
      String local = "http://localhost:" + listener.getLocalPort() + "/x.json#/A";
      for (String target :
          new String[] {
            local,
            "file:///etc/passwd",
            "jar:file:/etc/x.jar!/A",
            "\\\\\\\\host\\\\share",
            "other.json#/A",
            "//host/share",
            "A",
            ""
          }) {
        folder.document(
            "'paths': {}, 'definitions': {'a/b': {'items': {'$ref': '" + target + "'}}}");
        refused(
            folder.path(),
            "apiDefinition.swagger.json: the reference at /definitions/a~1b/items does not point"
                + " into this file (#/...)");
      }
      assertThatExceptionOfType(IOException.class).isThrownBy(listener::accept);
    }
  }

  @Test
  void warnsOfAReferenceToNothing() {
    folder.document("'paths': {}, 'definitions': {'A': {'$ref': '#/definitions/B'}}");

    assertThat(folder.report().warnings())
        .extracting(Object::toString)
        .containsExactly(
            "apiDefinition.swagger.json#/definitions/A: refers to nothing, and is read as anything");
  }

  @Test
  @Tag("H2")
  @Timeout(20)
  void refusesWhatIsTooComplex() {
    folder.properties("{'properties': " + "[".repeat(200) + "]".repeat(200) + "}");
    refused(folder.path(), "the document is too complex: more than 100 levels");
    folder.properties(NO_PROPERTIES);

    folder.document("'paths': {}, 'x': '" + "a".repeat(5 * 1024 * 1024) + "'");
    refused(folder.path(), "is larger than 5 MiB");
    folder.document("'paths': {}, 'x': [" + "1,".repeat(1_100_000) + "1]");
    refused(folder.path(), "the document is too complex: more than 100 levels, 1,000,000 tokens");
    folder.document("'paths': {}, 'x': [" + "{},".repeat(50_000) + "{}]");
    refused(folder.path(), "the document is too complex: it has more than 50,000 objects");
    folder.document("'paths': {}, 'definitions': {'A': {'enum': [" + "1,".repeat(10_000) + "1]}}");
    refused(folder.path(), "the list at /definitions/A/enum has more than 10,000 values");

    StringBuilder paths = new StringBuilder();
    for (int i = 0; i <= 5_000; i++) {
      paths.append(i == 0 ? "" : ",").append("'/p").append(i).append("': {'get': {}}");
    }
    folder.paths(paths.toString());
    refused(folder.path(), "the document is too complex: more than 5,000 operations");
  }

  @Test
  @Tag("H2")
  void followsReferencesThatGoInACircleOnlySoFar() {
    folder.document(
        """
        'paths': {'/x': {'post': {'operationId': 'op', 'parameters': [
          {'name': 'body', 'in': 'body', 'required': true, 'schema': {'$ref': '#/definitions/A'}},
          {'$ref': '#/parameters/P'}]}}},
        'parameters': {'P': {'$ref': '#/parameters/P'}},
        'definitions': {'A': {'$ref': '#/definitions/B'}, 'B': {'$ref': '#/definitions/A'}}
        """);

    assertThat(folder.report().operation("op").orElseThrow().obstacles())
        .containsExactly("one of its parameters refers to nothing: #/parameters/P");
    assertThat(folder.action("op").input().givenSchema()).isNotNull();
  }

  @Test
  void readsAWholeDefinition() throws URISyntaxException {
    Path books = Path.of(getClass().getResource("/definitions/books").toURI());

    Definition definition = Definition.load(books);

    assertThat(definition.report().warnings()).isEmpty();
    assertThat(definition.report().operations())
        .filteredOn(DefinitionReport.Operation::isSupported)
        .extracting(DefinitionReport.Operation::id)
        .containsExactly("FindBooks", "AddBook", "WhenBookLent", "Me");
  }

  private static ThrowableAssertAlternative<DefinitionException> refused(
      Path directory, String problem) {
    return assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> Definition.load(directory))
        .withMessageContaining(problem);
  }
}
