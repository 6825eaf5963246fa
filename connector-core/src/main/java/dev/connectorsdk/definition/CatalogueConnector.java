package dev.connectorsdk.definition;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Trigger;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A connector that asks its catalogue for the definition whenever it needs more than its name. */
record CatalogueConnector(
    ConnectorId id, String title, String version, Supplier<Definition> definition)
    implements Connector {

  private Connector connector() {
    return definition.get().connector();
  }

  @Override
  public String description() {
    return connector().description();
  }

  @Override
  public String baseUrl() {
    return connector().baseUrl();
  }

  @Override
  public List<String> additionalOrigins() {
    return connector().additionalOrigins();
  }

  @Override
  public List<String> fileHosts() {
    return connector().fileHosts();
  }

  @Override
  public List<ConnectionParameter> parameters() {
    return connector().parameters();
  }

  @Override
  public List<AuthOption> authOptions() {
    return connector().authOptions();
  }

  @Override
  public Optional<AuthOption> authOption(String option) {
    return connector().authOption(option);
  }

  @Override
  public List<Action<?, ?>> actions() {
    return connector().actions();
  }

  @Override
  public Optional<Action<?, ?>> action(String action) {
    return connector().action(action);
  }

  @Override
  public List<Trigger<?, ?>> triggers() {
    return connector().triggers();
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return connector().connectionTest();
  }

  @Override
  public String toString() {
    return id + " " + version;
  }
}
