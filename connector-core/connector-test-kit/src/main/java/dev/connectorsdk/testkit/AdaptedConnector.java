package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Trigger;
import java.util.List;
import java.util.Optional;

/** A connector with other parts. */
record AdaptedConnector(
    Connector like,
    List<Action<?, ?>> actions,
    List<Trigger<?, ?>> triggers,
    Optional<ConnectionTest> connectionTest)
    implements Connector {

  @Override
  public ConnectorId id() {
    return like.id();
  }

  @Override
  public String version() {
    return like.version();
  }

  @Override
  public String title() {
    return like.title();
  }

  @Override
  public String description() {
    return like.description();
  }

  @Override
  public String baseUrl() {
    return like.baseUrl();
  }

  @Override
  public List<String> additionalOrigins() {
    return like.additionalOrigins();
  }

  @Override
  public List<String> fileHosts() {
    return like.fileHosts();
  }

  @Override
  public List<ConnectionParameter> parameters() {
    return like.parameters();
  }

  @Override
  public List<AuthOption> authOptions() {
    return like.authOptions();
  }

  @Override
  public List<ConnectionParameter> parameters(AuthOption option) {
    return like.parameters(option);
  }
}
