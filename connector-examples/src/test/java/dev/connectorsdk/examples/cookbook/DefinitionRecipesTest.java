package dev.connectorsdk.examples.cookbook;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.definition.Overlay;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes about definitions that are not quite right. */
@WireMockTest
class DefinitionRecipesTest {

  // tag::overlay[]
  static Connector corrected(Path folder, String address) {
    Overlay overlay =
        Overlay.none()
            .baseUrl(address)
            .effect("FindRooms", Effect.READ)
            .disabled("BookRoom", "Rooms are booked at the reception");
    return Definition.load(folder, LoadOptions.standard().overlay(overlay)).connector();
  }

  // end::overlay[]

  // tag::overlays[]
  /** Where {@code overlays/rooms.json} is there, it corrects the definition in {@code rooms}. */
  static DefinitionCatalogue corrected(Path definitions, Path overlays) {
    return DefinitionCatalogue.load(
        id -> {
          Path overlay = overlays.resolve(id.value() + ".json");
          return Files.exists(overlay)
              ? LoadOptions.standard().overlay(Overlay.load(overlay))
              : LoadOptions.standard();
        },
        definitions);
  }

  // end::overlays[]

  @Test
  void aCatalogueIsCorrectedByTheFilesOfAFolder(@TempDir Path overlays) throws IOException {
    Files.writeString(overlays.resolve("rooms.json"), "{\"title\": \"Our rooms\"}");
    ConnectorId rooms = ConnectorId.of("rooms");

    DefinitionCatalogue catalogue = corrected(Path.of("src/main/resources/definitions"), overlays);

    assertThat(catalogue.definition(rooms).connector().title()).isEqualTo("Our rooms");
    assertThat(catalogue.entries())
        .filteredOn(other -> !other.connector().equals(rooms))
        .allSatisfy(other -> assertThat(catalogue.definition(other.connector())).isNotNull());
  }

  @Test
  void aDefinitionIsCorrectedWithoutEditingIt(WireMockRuntimeInfo service) {
    stubFor(get(urlPathEqualTo("/free")).willReturn(okJson("[{\"name\": \"Lovelace\"}]")));
    Path folder = Path.of("src/main/resources/definitions/rooms");
    Connector rooms = corrected(folder, service.getHttpBaseUrl());
    Caller ada = Principal.user("ada").in("dev");
    var reference = ConnectionReference.invoker("rooms", "rooms");
    try (ConnectorRuntime runtime = ConnectorRuntime.builder().connector(rooms).build()) {
      var spec = ConnectionSpec.of("rooms", "apiKey").secret("api_key", Secret.of("k"));
      runtime.connections().create(ada, spec);

      assertThat(
              runtime
                  .invoke(ada, reference, "FindRooms", Map.of("floor", 2))
                  .at("/body/0/name")
                  .asString())
          .isEqualTo("Lovelace");
      assertThatExceptionOfType(OperationUnsupportedException.class)
          .isThrownBy(
              () ->
                  runtime.invoke(
                      ada,
                      reference,
                      "BookRoom",
                      Map.of("room", "Lovelace", "booking/purpose", "Lunch")))
          .withMessageContaining("Rooms are booked at the reception");
    }
  }
}
