package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.gateway.Gateway;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.Gateway.Share;
import dev.connectorsdk.gateway.GatewayEndpoint;
import dev.connectorsdk.gateway.GatewayStatus;
import dev.connectorsdk.gateway.Gateways;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.gateway.GatewayRecord.About;
import dev.connectorsdk.internal.gateway.GatewayRecord.Keys;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import dev.connectorsdk.internal.sharing.Groups;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Gateways as rows of the store. What is done with them, and who may not, is recorded. */
final class DefaultGateways implements Gateways {

  private static final String STATUS = "status looked at";

  private final StoredGateways gateways;
  private final Groups groups;
  private final Auditor auditor;
  private final Clock clock;
  private final RandomGenerator random;
  private final Statuses statuses;
  private final Supplier<GatewayEndpoint> endpoint;

  DefaultGateways(
      StoredGateways gateways,
      Groups groups,
      Auditor auditor,
      Clock clock,
      RandomGenerator random,
      Statuses statuses,
      Supplier<GatewayEndpoint> endpoint) {
    this.gateways = gateways;
    this.groups = groups;
    this.auditor = auditor;
    this.clock = clock;
    this.random = random;
    this.statuses = statuses;
    this.endpoint = endpoint;
  }

  @Override
  public GatewayEndpoint endpoint() {
    return endpoint.get();
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
            List.of(new Share(own, Role.ADMIN, own)),
            List.of());
    auditor.requireRoom();
    gateways.add(gateway);
    auditor.done(attempt(administrator, gateway.id(), "created"));
    return view(gateway);
  }

  @Override
  public List<Gateway> list(Administrator administrator) {
    return views(gateways.list().stream().filter(one -> administers(administrator, one)));
  }

  @Override
  public List<Gateway> list(Caller caller) {
    return views(
        gateways.list().stream()
            .filter(one -> has(caller, one, Role.USER))
            .map(one -> has(caller, one, Role.ADMIN) ? one : one.withShares(List.of())));
  }

  @Override
  public GatewayStatus status(Administrator administrator, String gateway) {
    return find(
            attempt(administrator, gateway, STATUS),
            gateway,
            one -> administers(administrator, one))
        .map(statuses::of)
        .orElseThrow(() -> StoredGateways.notFound(gateway));
  }

  @Override
  public GatewayStatus status(Caller caller, String gateway) {
    return statuses.of(require(caller, gateway, STATUS));
  }

  private static List<Gateway> views(Stream<GatewayRecord> which) {
    return which
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
        attempt(administrator, gateway, shared(with, role)),
        gateway,
        record -> administers(administrator, record),
        record -> shared(record, new Share(with, role, administrator.principal())));
  }

  @Override
  public void share(Caller caller, String gateway, Principal with, Role role) {
    change(
        caller,
        gateway,
        shared(with, role),
        record -> shared(record, new Share(with, role, caller.principal())));
  }

  private static String shared(Principal with, Role role) {
    return "shared with " + with + " as " + role;
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
    String what = "not shared with " + with;
    GatewayRecord before = require(caller, gateway, what);
    change(
        caller,
        gateway,
        what,
        record ->
            record.withShares(
                record.shares().stream().filter(one -> !one.with().equals(with)).toList()));
    return before.shares().stream().anyMatch(one -> one.with().equals(with));
  }

  @Override
  public Secret registrationCode(Caller caller, String gateway) {
    Secret code = RegistrationCode.random(random);
    Instant now = clock.instant();
    change(
        caller,
        gateway,
        "code for a member issued",
        record -> record.with(RegistrationCode.of(code, now), now));
    return code;
  }

  @Override
  public void spread(Caller caller, String gateway, boolean spread) {
    String what = spread ? "members asked in turn" : "first member asked first";
    change(caller, gateway, what, record -> record.withSpread(spread));
  }

  @Override
  public void promote(Caller caller, String gateway, String member) {
    change(
        caller,
        gateway,
        "member " + member + " promoted",
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
    String what = "member " + member + " removed";
    GatewayRecord before = require(caller, gateway, what);
    change(caller, gateway, what, record -> record.without(member));
    return before.member(member).isPresent();
  }

  @Override
  public boolean delete(Administrator administrator, String gateway) {
    Attempt attempt = attempt(administrator, gateway, "removed");
    if (find(attempt, gateway, one -> administers(administrator, one)).isEmpty()) {
      return false;
    }
    auditor.requireRoom();
    boolean removed = gateways.remove(gateway);
    if (removed) {
      auditor.done(attempt);
    }
    return removed;
  }

  /**
   * Returns what secrets are sealed with, for a caller who may use the gateway.
   *
   * @throws NotFoundException if there is no such gateway, or it has no key yet
   */
  SealingKey sealingKey(Caller caller, String gateway) {
    Keys keys =
        require(attempt(caller, gateway, "used by a connection"), gateway, caller, Role.USER)
            .keys();
    // A member may have made it just now, at another process.
    return Optional.ofNullable(keys)
        .or(() -> gateways.findNow(gateway).map(GatewayRecord::keys))
        .orElseThrow(
            () ->
                new NotFoundException(
                    "key of gateway", gateway, "Its first member makes one when it is registered."))
        .key();
  }

  /** Returns whether a caller may make connections through a gateway. */
  boolean mayUse(Caller caller, String gateway) {
    return gateways.find(gateway).filter(known -> has(caller, known, Role.USER)).isPresent();
  }

  /** Returns whether a gateway is there that a caller may not use. */
  boolean isKeptFrom(Caller caller, String gateway) {
    return gateways.find(gateway).filter(known -> !has(caller, known, Role.USER)).isPresent();
  }

  private GatewayRecord require(Caller caller, String gateway, String what) {
    return require(attempt(caller, gateway, what), gateway, caller, Role.ADMIN);
  }

  private GatewayRecord require(Attempt attempt, String gateway, Caller caller, Role role) {
    return find(attempt, gateway, one -> has(caller, one, role))
        .orElseThrow(() -> StoredGateways.notFound(gateway));
  }

  /** Returns a gateway if it is permitted; that it is not looks as if there were none. */
  private Optional<GatewayRecord> find(
      Attempt attempt, String gateway, Predicate<GatewayRecord> may) {
    Optional<GatewayRecord> known = gateways.find(gateway);
    Optional<GatewayRecord> permitted = known.filter(may);
    if (known.isPresent() && permitted.isEmpty()) {
      auditor.denied(attempt, StoredGateways.notFound(gateway));
    }
    return permitted;
  }

  private void change(
      Caller caller, String gateway, String what, UnaryOperator<GatewayRecord> change) {
    change(
        attempt(caller, gateway, what), gateway, record -> has(caller, record, Role.ADMIN), change);
  }

  private void change(
      Attempt attempt,
      String gateway,
      Predicate<GatewayRecord> may,
      UnaryOperator<GatewayRecord> change) {
    auditor.requireRoom();
    gateways.change(
        gateway,
        record -> {
          if (!may.test(record)) {
            NotFoundException missing = StoredGateways.notFound(gateway);
            auditor.denied(attempt, missing);
            throw missing;
          }
          return change.apply(record);
        });
    auditor.done(attempt);
  }

  private static Attempt attempt(Caller caller, String gateway, String what) {
    return new Attempt(Kind.CHANGE, caller, null, what(gateway, what), null).through(gateway);
  }

  private static Attempt attempt(Administrator administrator, String gateway, String what) {
    return Attempt.toAdminister(administrator, what(gateway, what)).through(gateway);
  }

  /** Returns what a record says of a change of a gateway. */
  static String what(String gateway, String what) {
    return "gateway " + gateway + " " + what;
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
