package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Custom connectors whose connections say where their services are: policies sort each call. */
@Tag("I3")
class CustomConnectorHostsTest extends HostTest {

  private static final Action<Nothing, Nothing> GET =
      Action.builder("get", Effect.READ, Nothing.class)
          .run((in, call) -> call.http().get("/x").send());
  private static final ConnectionReference FIRST = ConnectionReference.embedded("first", "one");
  private static final ConnectionReference SECOND = ConnectionReference.embedded("second", "two");
  private static final Flow BOTH =
      Flow.of("both", ADA.principal()).calling(FIRST, "get").calling(SECOND, "get");
  private static final Caller IN_BOTH = ADA.running(BOTH);

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.connector(site("one"), "dev").connector(site("two"), "dev");
  }

  private static Connector site(String id) {
    return Connector.builder(id, "{site}")
        .parameter(ConnectionParameter.text("site"))
        .auth(AuthOption.none())
        .action(GET)
        .build();
  }

  @BeforeEach
  void sort() {
    service.stubFor(get(anyUrl()).willReturn(ok()));
    DataPolicy policy =
        DataPolicy.named("p")
            .customConnectors("localhost:*/ours*", Group.BUSINESS)
            .customConnectors("localhost:*/blocked*", Group.BLOCKED)
            .customConnectors("*", Group.NON_BUSINESS)
            .build();
    runtime.policies().save(Administrator.ofRuntime(Principal.user("root")), policy, 0);
  }

  private void bind(ConnectionReference reference, String path) {
    ConnectionId id =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of(reference.connector().value(), "none").with("site", url() + path))
            .id();
    runtime.references().bind(ADA, reference, id);
  }

  private void passes(Caller caller, ConnectionReference reference) {
    service.resetRequests();
    runtime.invoke(caller, reference, "get", Nothing.NOTHING);
    assertThat(service.getAllServeEvents()).hasSize(1);
  }

  private void isRefused(Caller caller, ConnectionReference reference, String rule) {
    service.resetRequests();
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> runtime.invoke(caller, reference, "get", Nothing.NOTHING))
        .returns("p", PolicyException::policy)
        .returns(rule, PolicyException::rule);
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  @Test
  @DisplayName("I3, 7.7: hosts of different groups are not used together")
  void hostsOfDifferentGroupsAreNotUsedTogether() {
    bind(FIRST, "/ours/1");
    bind(SECOND, "/theirs");

    isRefused(IN_BOTH, FIRST, "rules/1 localhost:*/ours*");
    isRefused(IN_BOTH, SECOND, "rules/3 *");
    passes(ADA, FIRST);
    passes(ADA.running(Flow.of("f", ADA.principal()).calling(SECOND, "get")), SECOND);

    bind(SECOND, "/ours/2");
    passes(IN_BOTH, FIRST);
    passes(IN_BOTH, SECOND);
  }

  @Test
  @DisplayName("I3: what leads nowhere is used with nothing")
  void whatLeadsNowhereIsUsedWithNothing() {
    bind(FIRST, "/ours/1");

    passes(IN_BOTH, FIRST);
  }

  @Test
  @DisplayName("I3, 7.7: two references to one connector may lead to different groups")
  void twoReferencesToOneConnector() {
    ConnectionReference other = ConnectionReference.embedded("other", "one");
    Flow flow = Flow.of("f", ADA.principal()).calling(FIRST, "get").calling(other, "get");
    bind(FIRST, "/ours/1");
    bind(other, "/theirs");

    isRefused(ADA.running(flow), FIRST, "rules/1 localhost:*/ours*");
    isRefused(ADA.running(flow), other, "rules/3 *");
  }

  @Test
  @DisplayName("I3, 7.7: a host that is blocked is, though others of the connector are not")
  void aBlockedHostIsBlocked() {
    bind(FIRST, "/blocked");
    isRefused(IN_BOTH, FIRST, "rules/2 localhost:*/blocked*");

    bind(FIRST, "/ours");
    passes(IN_BOTH, FIRST);
  }

  @Test
  void aCheckSaysThatItDependsOnTheConnections() {
    assertThat(runtime.policies().check(ADA.environment(), BOTH).explanation())
        .contains("Allowed.", "sorted by the URL of each connection [one, two]");
  }
}
