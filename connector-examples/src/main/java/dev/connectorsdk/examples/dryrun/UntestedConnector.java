package dev.connectorsdk.examples.dryrun;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Trigger;
import java.util.List;
import java.util.Optional;

/** A connector whose connections are not tested. */
public record UntestedConnector(Connector original) implements Connector {

  @Override
  public ConnectorId id() {
    return original.id();
  }

  @Override
  public String version() {
    return original.version();
  }

  @Override
  public String title() {
    return original.title();
  }

  @Override
  public String description() {
    return original.description();
  }

  @Override
  public List<String> additionalOrigins() {
    return original.additionalOrigins();
  }

  @Override
  public List<String> fileHosts() {
    return original.fileHosts();
  }

  @Override
  public List<ConnectionParameter> parameters() {
    return original.parameters();
  }

  @Override
  public List<AuthOption> authOptions() {
    return original.authOptions();
  }

  @Override
  public List<Action<?, ?>> actions() {
    return original.actions();
  }

  @Override
  public List<Trigger<?, ?>> triggers() {
    return original.triggers();
  }

  @Override
  public String baseUrl() {
    return original.baseUrl();
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.empty();
  }

  @Override
  public Optional<AuthOption> authOption(String id) {
    return original.authOption(id);
  }

  @Override
  public Optional<Action<?, ?>> action(String id) {
    return original.action(id);
  }
}
