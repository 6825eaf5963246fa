package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.gateway.Gateway;
import dev.connectorsdk.gateway.Gateway.Member;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.gateway.Gateways;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with gateways is recorded, and so is who may not. */
@Tag("I3")
class AuditedGatewaysTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Caller BOB = Principal.user("bob").in("prod");
  private static final Administrator ADMINISTRATOR = Administrator.of(ADA.principal(), "prod");
  private static final Administrator OF_DEV = Administrator.of(BOB.principal(), "dev");

  @TempDir Path temp;
  private final InMemoryStore store = new InMemoryStore();
  private final ConnectorRuntime runtime =
      ConnectorRuntime.builder()
          .connector(
              Connector.builder("erp", "https://erp.inside.test").auth(AuthOption.basic()).build())
          .store(store, KeyRing.random())
          .audit(AuditSettings.inStore())
          .build();
  private final Gateways gateways = runtime.gateways();

  @AfterEach
  void close() {
    runtime.close();
  }

  private List<AuditRecord> changes() {
    Filter changes = new Filter(null, null, null, null, null, false, null);
    return store.audit().list(changes, null, 1_000).stream()
        .filter(record -> record.kind() == Kind.CHANGE)
        .sorted((one, other) -> one.position().compareTo(other.position()))
        .toList();
  }

  private static String told(AuditRecord record) {
    return record.actor().who()
        + (record.verdict().allowed() ? " did: " : " may not: ")
        + record.subject().operation();
  }

  @Test
  @DisplayName("I3: each change of a gateway, and of who may use it, is recorded when it is made")
  void eachChangeIsRecorded() {
    Gateway plant = gateways.create(ADMINISTRATOR, "Plant 3");
    String id = plant.id();
    gateways.share(ADMINISTRATOR, id, BOB.principal(), Role.ADMIN);
    gateways.share(BOB, id, Principal.user("cyd"), Role.USER);
    assertThat(gateways.unshare(ADA, id, BOB.principal())).isTrue();
    gateways.registrationCode(ADA, id);
    gateways.spread(ADA, id, true);
    gateways.removeMember(ADA, id, "m-1");
    assertThat(gateways.delete(ADMINISTRATOR, id)).isTrue();

    String did = " did: gateway " + id + " ";
    assertThat(store.audit().list(Filter.ALL.through(id), null, 100)).hasSize(8);
    assertThat(changes())
        .extracting(AuditedGatewaysTest::told)
        .containsExactly(
            "user:ada" + did + "created",
            "user:ada" + did + "shared with user:bob as ADMIN",
            "user:bob" + did + "shared with user:cyd as USER",
            "user:ada" + did + "not shared with user:bob",
            "user:ada" + did + "code for a member issued",
            "user:ada" + did + "members asked in turn",
            "user:ada" + did + "member m-1 removed",
            "user:ada" + did + "removed");
  }

  @Test
  @DisplayName("I3: members that come and get the gateway's key are recorded")
  void membersThatComeAreRecorded() throws Exception {
    String id = gateways.create(ADMINISTRATOR, "Plant 3").id();
    try (InsideNetwork inside = new InsideNetwork(runtime, temp)) {
      GatewayAgent first = inside.agent("first");
      inside.register(first, ADA, id, null);
      inside.refresh(first);
      GatewayAgent second = inside.agent("second");
      inside.register(second, ADA, id, first.sealingKey().orElseThrow());
      first.letIn(second.fingerprint());
    }

    List<String> members =
        gateways.list(ADMINISTRATOR).get(0).members().stream().map(Member::id).toList();
    String one = members.get(0);
    String other = members.get(1);
    assertThat(changes().stream().filter(record -> record.actor().who() == null))
        .allSatisfy(record -> assertThat(record.actor().environment()).isEqualTo(ADA.environment()))
        .extracting(record -> record.subject().operation())
        .containsExactly(
            "gateway " + id + " member " + one + " registered",
            "gateway " + id + " key made by member " + one,
            "gateway " + id + " member " + other + " registered",
            "gateway " + id + " member " + other + " let in by member " + one);
  }

  @Test
  @DisplayName(
      "I3: whoever may not change or use a gateway is recorded; one that is not there is none")
  void whoeverMayNotIsRecorded() {
    String id = gateways.create(ADMINISTRATOR, "Plant 3").id();
    ConnectionSpec spec = ConnectionSpec.of("erp", "basic").with("username", "bob").through(id);

    for (Runnable refused :
        List.<Runnable>of(
            () -> gateways.share(BOB, id, BOB.principal(), Role.ADMIN),
            () -> gateways.registrationCode(BOB, id),
            () -> gateways.removeMember(BOB, id, "m-1"),
            () -> gateways.share(OF_DEV, id, BOB.principal(), Role.ADMIN),
            () -> runtime.connections().sealRequest(BOB, spec),
            () -> gateways.registrationCode(BOB, "other"))) {
      assertThatExceptionOfType(NotFoundException.class).isThrownBy(refused::run);
    }
    assertThat(gateways.delete(OF_DEV, id)).isFalse();

    String mayNot = "user:bob may not: gateway " + id + " ";
    assertThat(changes().stream().filter(record -> !record.verdict().allowed()))
        .extracting(AuditedGatewaysTest::told)
        .containsExactly(
            mayNot + "shared with user:bob as ADMIN",
            mayNot + "code for a member issued",
            mayNot + "member m-1 removed",
            mayNot + "shared with user:bob as ADMIN",
            mayNot + "used by a connection",
            mayNot + "removed");
    assertThat(changes()).hasSize(7);
  }
}
