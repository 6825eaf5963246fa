package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WireMockTest
class CatalogueTest {

  private static final ConnectorId PARCELS = ConnectorId.of("parcels");
  private static final String LIST =
      "'/parcels': {'get': {'operationId': 'List', 'summary': ' List parcels ', 'responses': {}}}";

  @TempDir Path shelf;

  private final List<ConnectorId> read = new ArrayList<>();

  @Test
  void listsTheOperationsOfAllDefinitionsInItsFolders() {
    Folder.in(shelf)
        .paths(
            """
            '/parcels': {
              'parameters': [],
              'get': {'operationId': 'List', 'summary': ' List parcels ', 'responses': {}},
              'POST': {'operationId': 'OnParcel', 'x-ms-trigger': 'batch', 'responses': {}}},
            '/parcels/{id}': {
              'delete': {'operationId': 'List', 'deprecated': true, 'responses': {},
                         'x-ms-visibility': 'Internal'},
              'get': {'responses': {}}}
            """);

    DefinitionCatalogue catalogue = DefinitionCatalogue.load(shelf);

    assertThat(catalogue.broken()).isEmpty();
    assertThat(catalogue.entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.connector()).isEqualTo(PARCELS);
              assertThat(entry.title()).isEqualTo("Parcels");
              assertThat(entry.operations())
                  .containsExactly(
                      operation("List", "GET", "/parcels", "List parcels", false, false),
                      new DefinitionCatalogue.Operation(
                          "OnParcel", "POST", "/parcels", "OnParcel", true, false, false),
                      operation("List-2", "DELETE", "/parcels/{id}", "List-2", true, true),
                      operation(
                          "GET /parcels/{id}",
                          "GET",
                          "/parcels/{id}",
                          "GET /parcels/{id}",
                          false,
                          false));
            });
  }

  @Test
  void takesNoNoticeOfHiddenFolders() throws Exception {
    Folder.in(shelf).paths(LIST);
    Files.createDirectory(shelf.resolve(".git"));

    assertThat(DefinitionCatalogue.load(shelf).broken()).isEmpty();
    assertThat(DefinitionCatalogue.load(shelf).entries()).hasSize(1);
  }

  @Test
  void takesNoNoticeOfFilesBesideItsFolders() throws Exception {
    Folder.in(shelf).paths(LIST);
    Files.writeString(shelf.resolve("parcels.overlay.json"), "{}");
    Files.writeString(shelf.resolve("package.json"), "{}");

    assertThat(DefinitionCatalogue.load(shelf).broken()).isEmpty();
    assertThat(DefinitionCatalogue.load(shelf).find(PARCELS)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"apiProperties.json", "parcels.swagger.json"})
  void aFolderWithPartOfADefinitionIsABrokenOne(String file) throws Exception {
    Files.createDirectory(shelf.resolve("icons"));
    Files.writeString(shelf.resolve(file), "{}");

    assertThat(DefinitionCatalogue.load(shelf).broken())
        .singleElement()
        .satisfies(broken -> assertThat(broken.folder()).isEqualTo(shelf));
  }

  private static DefinitionCatalogue.Operation operation(
      String id, String method, String path, String title, boolean deprecated, boolean internal) {
    return new DefinitionCatalogue.Operation(id, method, path, title, false, deprecated, internal);
  }

  @Test
  void aFolderWithADefinitionIsOneItself() {
    Path folder = Folder.in(shelf).paths(LIST).path();

    assertThat(DefinitionCatalogue.load(folder).find(PARCELS)).isPresent();
  }

  @Test
  @Tag("H3")
  void whatIsBrokenIsNamedAndKeepsNothingElseFromBeingLoaded() throws Exception {
    Folder.in(shelf).paths(LIST);
    Folder.in(Files.createDirectory(shelf.resolve("twin"))).paths(LIST);
    Files.createDirectory(shelf.resolve("empty"));

    DefinitionCatalogue catalogue =
        DefinitionCatalogue.load(shelf, shelf.resolve("twin"), shelf.resolve("empty"));

    assertThat(catalogue.entries()).hasSize(1);
    assertThat(catalogue.broken())
        .extracting(broken -> broken.problem().getMessage())
        .contains(
            "empty: has no apiProperties.json", "parcels: another definition has the id 'parcels'");
    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> DefinitionCatalogue.load(shelf.resolve("nowhere")))
        .withMessage("nowhere: cannot be read as a folder");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> catalogue.definition(ConnectorId.of("nowhere")));
  }

  @ParameterizedTest
  @Tag("H1")
  @Tag("H2")
  @ValueSource(
      strings = {
        "{'swagger': '2.0'}",
        "{'swagger': '2.0', 'paths': []}",
        "{'swagger': '3.0', 'paths': {}}",
        "{'swagger': 2, 'paths': {}}",
        "{'paths': {}}",
        "[]",
        "",
        "{'swagger': '2.0' 'paths': {}}",
        "{'swagger': '2.0', 'paths': {}} {}",
        "{'swagger': '2.0', 'paths': {'/x': {'$ref': 'other.json#/x'}}}",
        "{'swagger': '2.0', 'paths': {'/x': {'get': {'responses': {'200': {'$ref': 'a:b'}}}}}}",
        "{'swagger': '2.0', 'paths': {}, 'definitions': {'a': [{'$ref': 'http://x.example'}]}}"
      })
  void refusesWhatLoadingRefusesInTheSameWords(String swagger) {
    Folder folder = Folder.in(shelf).swagger(swagger);

    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(folder::load)
        .satisfies(
            refused ->
                assertThat(DefinitionCatalogue.load(shelf).broken())
                    .extracting(broken -> broken.problem().getMessage())
                    .containsExactly(refused.getMessage()));
  }

  @Test
  void itsConnectorsRunLikeThoseOfLoadedDefinitions(WireMockRuntimeInfo service) {
    service.getWireMock().register(get("/parcels").willReturn(okJson("[1, 2]")));
    Folder.in(shelf)
        .swagger(
            """
            {'swagger': '2.0', 'info': {'title': 'Parcels', 'version': '1.2'},
             'host': 'localhost:%d', 'schemes': ['http'], 'paths': {%s}}
            """
                .formatted(service.getHttpPort(), LIST));
    Caller ada = Principal.user("ada").in("dev");

    DefinitionCatalogue catalogue = DefinitionCatalogue.load(shelf);
    try (var runtime = ConnectorRuntime.builder().connectors(catalogue.connectors()).build()) {
      runtime.connections().create(ada, ConnectionSpec.of("parcels", "none"));

      var parcels = ConnectionReference.invoker("my-parcels", "parcels");
      assertThat(runtime.invoke(ada, parcels, "List", Map.of()).path("body")).hasSize(2);
      assertThat(runtime.connector(ada, PARCELS).version()).isEqualTo("1.2");
    }
  }

  @Test
  void keepsDefinitionsAsLongAsThereIsRoom() throws Exception {
    Folder.in(shelf).paths(LIST);
    Folder.in(Files.createDirectory(shelf.resolve("crates"))).paths(LIST);
    DefinitionCatalogue catalogue =
        DefinitionCatalogue.load(
            id -> {
              read.add(id);
              return LoadOptions.standard();
            },
            shelf);
    List<ConnectorId> all =
        catalogue.entries().stream().map(DefinitionCatalogue.Entry::connector).toList();

    all.forEach(catalogue::definition);
    all.forEach(catalogue::definition);
    assertThat(read).as("with room for all").containsExactlyInAnyOrderElementsOf(all);

    catalogue.keepAtMost(0);
    all.forEach(catalogue::definition);
    all.forEach(catalogue::definition);
    assertThat(read).as("with no room").hasSize(3 * all.size());
    assertThatIllegalArgumentException().isThrownBy(() -> catalogue.keepAtMost(-1));
  }

  @Test
  void aDefinitionIsReadForItsSignInsByPoliciesThatLookAtThemAndOnceForAll() {
    Folder.in(shelf).paths(LIST);
    DefinitionCatalogue catalogue = catalogueThatKeepsNothing();
    try (var runtime = ConnectorRuntime.builder().connectors(catalogue.connectors()).build()) {
      assertThat(readToJudge(runtime)).as("without policies").isZero();

      save(runtime, blocking("p"), blocking("q"));
      assertThat(isAllowed(runtime)).isFalse();
      assertThat(readToJudge(runtime)).as("with rules about actions").isZero();

      save(runtime, denying("r"), denying("s"));
      assertThat(readToJudge(runtime)).as("with rules about endpoints").isOne();
    }
  }

  @Test
  void theDefinitionOfACustomConnectorIsReadOnceMoreForItsSignIns() {
    Folder.in(shelf).paths(LIST);
    DefinitionCatalogue catalogue = catalogueThatKeepsNothing();
    try (var runtime =
        ConnectorRuntime.builder().connectors(catalogue.connectors(), "dev").build()) {
      save(runtime, blocking("p"), blocking("q"));
      assertThat(readToJudge(runtime)).as("for its own URL").isOne();

      save(runtime, sorting("r"), sorting("s"), denying("t"));
      assertThat(readToJudge(runtime)).as("for that and its sign-ins").isEqualTo(2);
    }
  }

  private DefinitionCatalogue catalogueThatKeepsNothing() {
    return DefinitionCatalogue.load(
            id -> {
              read.add(id);
              return LoadOptions.standard();
            },
            shelf)
        .keepAtMost(0);
  }

  private int readToJudge(ConnectorRuntime runtime) {
    read.clear();
    isAllowed(runtime);
    return read.size();
  }

  private static boolean isAllowed(ConnectorRuntime runtime) {
    Flow flow =
        Flow.of("courier", Principal.user("ada"))
            .calling(ConnectionReference.invoker("my-parcels", PARCELS), "List");
    return runtime.policies().check(Environment.of("dev"), flow).isAllowed();
  }

  private static void save(ConnectorRuntime runtime, DataPolicy... policies) {
    Administrator host = Administrator.ofRuntime(Principal.service("host"));
    for (DataPolicy policy : policies) {
      runtime.policies().save(host, policy, 0);
    }
  }

  private static DataPolicy blocking(String name) {
    return DataPolicy.named(name).actions("parcels", ActionRules.blocking("List")).build();
  }

  private static DataPolicy denying(String name) {
    return DataPolicy.named(name).denyEndpoint("parcels", "elsewhere.example").build();
  }

  private static DataPolicy sorting(String name) {
    return DataPolicy.named(name).customConnectors("elsewhere.example", Group.BLOCKED).build();
  }

  /** A small file can hold what takes much of the heap. */
  @Test
  @Tag("H1")
  void whatIsKeptIsWeighedAsItLiesInMemory() {
    String many = "{},".repeat(20_000);
    Definition heavy =
        Folder.in(shelf)
            .paths(LIST.replace("'responses'", "'x-many': [" + many + "{}], 'responses'"))
            .load();

    assertThat(heavy.weight()).isGreaterThan(20L * many.length());
  }

  @Test
  @Tag("H4")
  void aDefinitionThatHasChangedIsNotTakenForTheOneThatWasLoaded() {
    Folder folder = Folder.in(shelf).paths(LIST);
    DefinitionCatalogue catalogue = DefinitionCatalogue.load(shelf);

    folder.paths(LIST.replace("parcels", "crates"));

    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> catalogue.definition(PARCELS))
        .withMessage(
            "parcels: its files have changed since the catalogue was loaded; load the catalogue"
                + " again");
  }
}
