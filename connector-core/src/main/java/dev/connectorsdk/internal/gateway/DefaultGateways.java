package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.gateway.Gateway;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.Gateway.Share;
import dev.connectorsdk.gateway.GatewayEndpoint;
import dev.connectorsdk.gateway.Gateways;
import dev.connectorsdk.internal.gateway.GatewayRecord.About;
import dev.connectorsdk.internal.gateway.GatewayRecord.Keys;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import dev.connectorsdk.internal.sharing.Groups;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** Gateways as rows of the store. */
final class DefaultGateways implements Gateways {

  private final StoredGateways gateways;
  private final RegistrationCodes codes;
  private final Groups groups;
  private final Clock clock;
  private final RandomGenerator random;
  private final GatewayEndpoint endpoint;

  DefaultGateways(
      StoredGateways gateways,
      RegistrationCodes codes,
      Groups groups,
      Clock clock,
      RandomGenerator random,
      GatewayEndpoint endpoint) {
    this.gateways = gateways;
    this.codes = codes;
    this.groups = groups;
    this.clock = clock;
    this.random = random;
    this.endpoint = endpoint;
  }

  @Override
  public GatewayEndpoint endpoint() {
    return endpoint;
  }

  @Override
  public Gateway create(Administrator administrator, String name) {
    About about =
        new About(
            GatewayRecord.requireName(name),
            administrator.requireEnvironment(),
            administrator.principal(),
            clock.instant(),
            false);
    Principal own = administrator.principal();
    GatewayRecord gateway =
        new GatewayRecord(
            GatewayRecord.newId(random),
            about,
            null,
            List.of(),
            List.of(new Share(own, Role.ADMIN, own)));
    gateways.add(gateway);
    return view(gateway);
  }

  @Override
  public List<Gateway> list(Administrator administrator) {
    return views(gateway -> administers(administrator, gateway));
  }

  @Override
  public List<Gateway> list(Caller caller) {
    return views(gateway -> has(caller, gateway, Role.USER));
  }

  private List<Gateway> views(Predicate<GatewayRecord> which) {
    return gateways.list().stream()
        .filter(which)
        .map(DefaultGateways::view)
        .sorted(Comparator.comparing(Gateway::name).thenComparing(Gateway::id))
        .toList();
  }

  private static boolean administers(Administrator administrator, GatewayRecord gateway) {
    Environment environment = administrator.environment().orElse(gateway.about().environment());
    return environment.equals(gateway.about().environment());
  }

  private boolean has(Caller caller, GatewayRecord gateway, Role role) {
    return caller.environment().equals(gateway.about().environment())
        && groups.isAmong(gateway.having(role), caller.principal());
  }

  @Override
  public void share(Administrator administrator, String gateway, Principal with, Role role) {
    change(
        gateway,
        record -> administers(administrator, record),
        record -> shared(record, new Share(with, role, administrator.principal())));
  }

  @Override
  public void share(Caller caller, String gateway, Principal with, Role role) {
    change(caller, gateway, record -> shared(record, new Share(with, role, caller.principal())));
  }

  private GatewayRecord shared(GatewayRecord gateway, Share share) {
    if (share.with().isGroup() && !groups.areKnown()) {
      throw new IllegalArgumentException(
          "Nothing can be shared with " + share.with() + ": name its members");
    }
    List<Share> all = new ArrayList<>(gateway.shares());
    all.removeIf(one -> one.with().equals(share.with()));
    all.add(share);
    return gateway.withShares(all);
  }

  @Override
  public boolean unshare(Caller caller, String gateway, Principal with) {
    GatewayRecord before = require(caller, gateway);
    change(
        caller,
        gateway,
        record ->
            record.withShares(
                record.shares().stream().filter(one -> !one.with().equals(with)).toList()));
    return before.shares().stream().anyMatch(one -> one.with().equals(with));
  }

  @Override
  public Secret registrationCode(Caller caller, String gateway) {
    return codes.issue(require(caller, gateway).id());
  }

  @Override
  public void spread(Caller caller, String gateway, boolean spread) {
    change(caller, gateway, record -> record.withSpread(spread));
  }

  @Override
  public void promote(Caller caller, String gateway, String member) {
    change(
        caller,
        gateway,
        record -> {
          List<GatewayMemberRecord> all = new ArrayList<>(record.members());
          GatewayMemberRecord first = record.requireMember(member);
          all.remove(first);
          all.add(0, first);
          return record.withMembers(all);
        });
  }

  @Override
  public boolean removeMember(Caller caller, String gateway, String member) {
    GatewayRecord before = require(caller, gateway);
    change(
        caller,
        gateway,
        record ->
            record.withMembers(
                record.members().stream().filter(one -> !one.id().equals(member)).toList()));
    return before.member(member).isPresent();
  }

  @Override
  public boolean delete(Administrator administrator, String gateway) {
    return gateways.find(gateway).filter(one -> administers(administrator, one)).isPresent()
        && gateways.remove(gateway);
  }

  /**
   * Returns what secrets are sealed with, for a caller who may use the gateway.
   *
   * @throws NotFoundException if there is no such gateway, or it has no key yet
   */
  SealingKey sealingKey(Caller caller, String gateway) {
    Keys keys =
        gateways
            .find(gateway)
            .filter(one -> has(caller, one, Role.USER))
            .orElseThrow(() -> StoredGateways.notFound(gateway))
            .keys();
    if (keys == null) {
      throw new NotFoundException(
          "key of gateway", gateway, "Its first member makes one when it is registered.");
    }
    return keys.key();
  }

  private GatewayRecord require(Caller caller, String gateway) {
    return gateways
        .find(gateway)
        .filter(one -> has(caller, one, Role.ADMIN))
        .orElseThrow(() -> StoredGateways.notFound(gateway));
  }

  private void change(Caller caller, String gateway, UnaryOperator<GatewayRecord> change) {
    change(gateway, record -> has(caller, record, Role.ADMIN), change);
  }

  private void change(
      String gateway, Predicate<GatewayRecord> may, UnaryOperator<GatewayRecord> change) {
    gateways.change(
        gateway,
        record -> {
          if (!may.test(record)) {
            throw StoredGateways.notFound(gateway);
          }
          return change.apply(record);
        });
  }

  private static Gateway view(GatewayRecord gateway) {
    Keys keys = gateway.keys();
    return new Gateway(
        gateway.id(),
        gateway.about().name(),
        gateway.about().environment(),
        gateway.about().spread(),
        keys == null ? null : keys.key().fingerprint(),
        gateway.members().stream().map(DefaultGateways::view).toList(),
        gateway.shares());
  }

  private static Gateway.Member view(GatewayMemberRecord member) {
    return new Gateway.Member(
        member.id(),
        member.name(),
        member.keys().fingerprint(),
        member.confirmed(),
        member.registeredAt());
  }
}
