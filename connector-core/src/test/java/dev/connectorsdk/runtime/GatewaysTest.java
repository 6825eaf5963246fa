package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.gateway.Gateway;
import dev.connectorsdk.gateway.Gateway.Member;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.Gateway.Share;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.gateway.GatewayStatus;
import dev.connectorsdk.gateway.Gateways;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who makes, sees, shares and changes gateways. */
@Timeout(60)
class GatewaysTest {

  private static final Principal ADA_HERSELF = Principal.user("ada");
  private static final Principal TEAM = Principal.group("plant");
  private static final Caller ADA = ADA_HERSELF.in("prod");
  private static final Caller BOB = Principal.user("bob").in("prod");
  private static final Administrator ADMINISTRATOR = Administrator.of(ADA_HERSELF, "prod");

  @TempDir Path temp;
  private final ConnectorRuntime runtime =
      ConnectorRuntime.builder()
          .memberships((group, member) -> group.equals(TEAM) && member.equals(BOB.principal()))
          .build();
  private final Gateways gateways = runtime.gateways();

  @AfterEach
  void close() {
    runtime.close();
  }

  private Gateway plant() {
    return gateways.create(ADMINISTRATOR, "Plant 3");
  }

  private Gateway now(Gateway gateway) {
    return gateways.list(ADMINISTRATOR).stream()
        .filter(one -> one.id().equals(gateway.id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whoeverMakesAGatewayLooksAfterIt() {
    Gateway plant = plant();

    assertThat(plant.name()).isEqualTo("Plant 3");
    assertThat(plant.environment()).isEqualTo(Environment.of("prod"));
    assertThat(plant.fingerprint()).isNull();
    assertThat(plant.shares()).containsExactly(new Share(ADA_HERSELF, Role.ADMIN, ADA_HERSELF));
    assertThat(gateways.list(ADA)).containsExactly(plant);
  }

  @Test
  void gatewaysAreMadeInOneEnvironmentAndSeenThere() {
    plant();

    assertThat(gateways.list(ADA_HERSELF.in("dev"))).isEmpty();
    assertThat(gateways.list(Administrator.of(ADA_HERSELF, "dev"))).isEmpty();
    assertThat(gateways.list(Administrator.ofRuntime(ADA_HERSELF))).hasSize(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gateways.create(Administrator.ofRuntime(ADA_HERSELF), "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> gateways.create(ADMINISTRATOR, " "));
  }

  @Test
  void aGatewayIsSharedWithUsersAndGroups() {
    Gateway plant = plant();
    assertThat(gateways.list(BOB)).isEmpty();

    gateways.share(ADA, plant.id(), TEAM, Role.USER);
    assertThat(gateways.list(BOB)).extracting(Gateway::id).containsExactly(plant.id());
    assertThat(gateways.list(BOB).get(0).shares()).isEmpty();
    assertThat(gateways.list(ADA).get(0).shares()).hasSize(2);

    assertThat(gateways.unshare(ADA, plant.id(), TEAM)).isTrue();
    assertThat(gateways.unshare(ADA, plant.id(), TEAM)).isFalse();
    assertThat(gateways.list(BOB)).isEmpty();
  }

  @Test
  void aUserOfAGatewayDoesNotLookAfterIt() {
    Gateway plant = plant();
    gateways.share(ADA, plant.id(), BOB.principal(), Role.USER);

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> gateways.registrationCode(BOB, plant.id()));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> gateways.share(BOB, plant.id(), TEAM, Role.USER));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> gateways.removeMember(BOB, plant.id(), "m"));

    gateways.share(ADMINISTRATOR, plant.id(), BOB.principal(), Role.ADMIN);
    assertThat(gateways.registrationCode(BOB, plant.id())).hasToString("***");
  }

  @Test
  void anAdministratorOfAnotherEnvironmentChangesNothing() {
    Gateway plant = plant();
    Administrator other = Administrator.of(BOB.principal(), "dev");

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> gateways.share(other, plant.id(), BOB.principal(), Role.ADMIN));
    assertThat(gateways.delete(other, plant.id())).isFalse();
    assertThat(gateways.delete(ADMINISTRATOR, plant.id())).isTrue();
    assertThat(gateways.delete(ADMINISTRATOR, plant.id())).isFalse();
    assertThat(gateways.list(ADA)).isEmpty();
  }

  @Test
  void anyMemberIsPromotedAndRemoved() throws Exception {
    Gateway plant = plant();
    try (InsideNetwork inside = new InsideNetwork(runtime, temp)) {
      GatewayAgent first = inside.agent("first");
      inside.register(first, ADA, plant.id(), null);
      inside.refresh(first);
      GatewayAgent second = inside.agent("second");
      inside.register(second, ADA, plant.id(), now(plant).fingerprint());

      assertThat(now(plant).members())
          .extracting(Member::fingerprint)
          .containsExactly(first.fingerprint(), second.fingerprint());
      assertThat(now(plant).members()).extracting(Member::confirmed).containsExactly(true, false);

      String id = now(plant).members().get(1).id();
      gateways.promote(ADA, plant.id(), id);
      assertThat(now(plant).members().get(0).id()).isEqualTo(id);

      assertThat(gateways.removeMember(ADA, plant.id(), id)).isTrue();
      assertThat(gateways.removeMember(ADA, plant.id(), id)).isFalse();
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> gateways.promote(ADA, plant.id(), id));
      gateways.spread(ADA, plant.id(), true);
      assertThat(now(plant).spread()).isTrue();
    }
  }

  @Test
  void theStatusIsForWhoeverLooksAfterAGatewayAndForItsMembers() throws Exception {
    Gateway plant = plant();
    gateways.share(ADMINISTRATOR, plant.id(), BOB.principal(), Role.USER);
    try (InsideNetwork inside = new InsideNetwork(runtime, temp)) {
      GatewayAgent first = inside.agent("first");
      inside.register(first, ADA, plant.id(), null);
      inside.refresh(first);
      GatewayAgent second = inside.agent("second");
      inside.register(second, ADA, plant.id(), now(plant).fingerprint());
      inside.start(first);
      while (gateways.status(ADA, plant.id()).members().get(0).lines().isEmpty()) {
        Thread.onSpinWait();
      }

      GatewayStatus status = gateways.status(ADMINISTRATOR, plant.id());
      assertThat(status.members())
          .extracting(GatewayStatus.Member::id)
          .containsExactlyElementsOf(now(plant).members().stream().map(Member::id).toList());
      assertThat(status.members())
          .extracting(GatewayStatus.Member::isConnected)
          .containsExactly(true, false);
      GatewayStatus.Line line = status.members().get(0).lines().get(0);
      assertThat(line.address()).isEqualTo("10.0.0.7");
      assertThat(line.skew()).isLessThan(Duration.ofMinutes(1));
      assertThat(first.status().members().get(0))
          .usingRecursiveComparison()
          .ignoringFields("lastSeen", "lines.lastSeen", "lines.skew")
          .isEqualTo(status.members().get(0));
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(second::status)
          .withMessageContaining("was not let in yet");
    }
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> gateways.status(BOB, plant.id()));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> gateways.status(Administrator.of(ADA.principal(), "dev"), plant.id()));
  }
}
