package dev.connectorsdk.internal.gateway;

import static dev.connectorsdk.fixtures.ManyThreads.atOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.gateway.seal.MemberFolder;
import dev.connectorsdk.internal.gateway.seal.MemberKeys;
import dev.connectorsdk.internal.gateway.seal.Membership;
import dev.connectorsdk.internal.gateway.seal.Membership.Standing;
import dev.connectorsdk.internal.gateway.seal.RecoveryKey;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How members of a gateway come and go, and who of them gets its key. */
class EnrolmentTest {

  private static final String GATEWAY = "g1";

  @TempDir Path temp;
  private final SettableClock clock = new SettableClock();
  private final InMemoryStore store = new InMemoryStore(clock);
  private final StoredGateways gateways = new StoredGateways(store.gateways(), clock);
  private final Enrolment enrolment = enrolment(Auditor.none(clock));
  private final Random random = new Random(1);
  private final List<RecoveryKey> shown = new ArrayList<>();

  @BeforeEach
  void makeGateway() {
    var about =
        new GatewayRecord.About(
            "Plant 3", Environment.of("prod"), Principal.user("ada"), clock.instant(), false);
    gateways.add(new GatewayRecord(GATEWAY, about, null, List.of(), List.of(), List.of()));
  }

  private Enrolment enrolment(Auditor auditor) {
    Nodes nodes = new Nodes(store.gateways(), clock, "n1");
    Statuses statuses = new Statuses(nodes, new Presences(store.gateways(), clock), clock);
    return new Enrolment(gateways, statuses, auditor, clock, new Random(2));
  }

  private Secret code(String gateway) {
    Secret code = RegistrationCode.random(random);
    gateways.change(
        gateway,
        record -> record.with(RegistrationCode.of(code, clock.instant()), clock.instant()));
    return code;
  }

  /** A member, and the host as it sees it. */
  private final class Member implements Membership.Host {

    private final MemberFolder folder;
    private final MemberKeys keys;
    private final Membership membership;

    Member(String name) {
      this.folder = new MemberFolder(temp.resolve(name));
      this.keys = MemberKeys.loadOrCreate(folder);
      this.membership = new Membership(folder, keys, this);
    }

    @Override
    public JsonNode ask(String method, JsonNode arguments) {
      if (method.equals(Membership.REGISTER)) {
        return enrolment.register(keys.identity(), arguments);
      }
      Membership.Ids own = membership.ids().orElseThrow();
      return enrolment.answer(own.gateway(), own.member(), method, arguments);
    }

    Member registered(String expected) {
      membership.register(code(GATEWAY), "member", expected);
      return this;
    }

    Standing refresh() {
      return membership.refresh(shown::add);
    }

    String sealing() {
      return keys.newestSealing().map(SealingKey::fingerprint).orElse("");
    }
  }

  private Member first() {
    Member first = new Member("first").registered(null);
    assertThat(first.refresh()).isEqualTo(Standing.READY);
    return first;
  }

  private GatewayRecord stored() {
    return gateways.find(GATEWAY).orElseThrow();
  }

  // Codes

  @Test
  void aCodeRegistersOneMemberOnce() {
    Secret code = code(GATEWAY);
    new Member("one").membership.register(code, "one", null);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> new Member("two").membership.register(code, "two", null))
        .withMessageContaining("/code")
        .withMessageNotContaining(code.reveal());
    assertThat(stored().members()).hasSize(1);
  }

  @Test
  void aCodeHoldsForAnHour() {
    Secret code = code(GATEWAY);
    clock.advance(Duration.ofHours(1));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> new Member("one").membership.register(code, "one", null));
  }

  @Test
  void whoWasRegisteredAndHasNotHeardOfItIsRegisteredStill() {
    Secret code = code(GATEWAY);
    Member one = new Member("one");
    Membership.Ids ids = one.membership.register(code, "one", null);

    assertThat(one.membership.register(code, "one", null)).isEqualTo(ids);
    assertThat(stored().members()).hasSize(1);
  }

  @Test
  void aCodeThatCouldNotBeUsedHoldsStill() {
    Secret code = code(GATEWAY);
    JsonNode asked =
        JsonNodeFactory.instance
            .objectNode()
            .put("code", code.reveal())
            .put("name", " ")
            .put("handOver", SealingKey.random().publicJwk());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> enrolment.register(new Member("one").keys.identity(), asked));

    new Member("one").membership.register(code, "one", null);

    assertThat(stored().members()).hasSize(1);
    assertThat(stored().codes()).isEmpty();
  }

  @Test
  void ofManyWhoRegisterByOneCodeAtOnceOneIs() throws Exception {
    Secret code = code(GATEWAY);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      members.add(new Member("m" + i));
    }

    List<Boolean> registered =
        atOnce(
            6,
            i -> {
              try {
                members.get(i).membership.register(code, "one", null);
                return true;
              } catch (InvalidInputException e) {
                return false;
              }
            });

    assertThat(registered).containsOnlyOnce(true);
    assertThat(stored().members()).hasSize(1);
  }

  @Test
  void aMemberOfOneGatewayIsNotRegisteredWithAnother() {
    Member first = first();
    var about =
        new GatewayRecord.About(
            "Plant 4", Environment.of("prod"), Principal.user("ada"), clock.instant(), false);
    gateways.add(new GatewayRecord("g2", about, null, List.of(), List.of(), List.of()));
    Secret code = code("g2");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> first.membership.register(code, "one", null))
        .withMessageContaining("is for gateway 'Plant 4'")
        .withMessageContaining("belongs to gateway 'Plant 3'");
    assertThat(gateways.find("g2").orElseThrow().takes(code.reveal(), clock.instant())).isTrue();
  }

  @Test
  void codesThatNobodyUsesDoNotAddUp() {
    for (int i = 0; i < 150; i++) {
      code(GATEWAY);
    }
    assertThat(stored().codes()).hasSize(100);

    clock.advance(RegistrationCode.LIFETIME);
    code(GATEWAY);

    assertThat(stored().codes()).hasSize(1);
  }

  @Test
  @Tag("C6")
  void theStoreHasNeitherACodeNorAnyPrivateKey() {
    Member first = first();
    Member second = new Member("second").registered(first.sealing());
    first.membership.letIn(second.keys.fingerprint());

    assertThat(store.gateways().listGateways().toString())
        .contains("\\\"kty\\\"", second.keys.handOver().fingerprint())
        .doesNotContain("\\\"d\\\"");
  }

  // The gateway's key

  @Test
  void theFirstMemberMakesTheKeyAndShowsTheRecoveryKeyOnce() {
    Member first = first();

    assertThat(stored().keys().key().fingerprint()).isEqualTo(first.sealing());
    assertThat(stored().keys().generation()).isEqualTo(1);
    assertThat(shown).hasSize(1);
    assertThat(first.refresh()).isEqualTo(Standing.READY);
    assertThat(shown).hasSize(1);
  }

  @Test
  void aFurtherMemberGetsTheKeyWhenItsFingerprintWasConfirmed() {
    Member first = first();
    Member second = new Member("second").registered(first.sealing());
    assertThat(second.refresh()).isEqualTo(Standing.PENDING);

    first.membership.letIn(second.keys.fingerprint());

    assertThat(second.refresh()).isEqualTo(Standing.READY);
    assertThat(second.sealing()).isEqualTo(first.sealing());
  }

  @Test
  void aMemberThatTheHostAloneHasLetInGetsNothing() {
    Member first = first();
    Member second = new Member("second").registered(first.sealing());
    gateways.change(GATEWAY, record -> record.changing(id(second), one -> one.letIn(null)));

    assertThat(second.refresh()).isEqualTo(Standing.WITHOUT_KEY);
    assertThat(second.sealing()).isEmpty();
  }

  private static String id(Member member) {
    return member.membership.ids().orElseThrow().member();
  }

  @Test
  void theKeyGoesOnlyToTheKeysThatWereConfirmed() {
    Member first = first();
    Member second = new Member("second").registered(first.sealing());
    Member other = new Member("other");
    gateways.change(
        GATEWAY,
        record ->
            record.withMembers(
                record.members().stream()
                    .map(one -> one.id().equals(id(second)) ? withKeysOf(other, one) : one)
                    .toList()));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> first.membership.letIn(second.keys.fingerprint()))
        .withMessageContaining("no member with the fingerprint");
  }

  private static GatewayMemberRecord withKeysOf(Member other, GatewayMemberRecord member) {
    return new GatewayMemberRecord(
        member.id(),
        member.name(),
        new GatewayMemberRecord.PublicKeys(
            member.keys().identity(), other.keys.handOver().publicHalf()),
        member.registeredAt(),
        member.confirmed(),
        null);
  }

  @Test
  void aKeyOfTheHostsOwnIsTakenByNobody() {
    Member first = first();
    Member second = new Member("second").registered(first.sealing());
    first.membership.letIn(second.keys.fingerprint());
    Member stranger = new Member("stranger");
    stranger.keys.keep(SealingKey.random());
    gateways.change(
        GATEWAY,
        record ->
            record.with(
                new GatewayRecord.Keys(
                    2,
                    stranger.keys.newestSealing().orElseThrow().publicHalf(),
                    record.keys().recovery())));

    assertThat(first.refresh()).isEqualTo(Standing.WITHOUT_KEY);
    assertThat(second.refresh()).isEqualTo(Standing.WITHOUT_KEY);
    assertThat(second.sealing()).isEqualTo(first.sealing());
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> first.membership.letIn(second.keys.fingerprint()));
  }

  @Test
  void aFurtherMemberMakesNoKeyWhereTheHostShowsNone() {
    Member first = first();
    Member second = new Member("second").registered(first.sealing());
    gateways.change(
        GATEWAY,
        record ->
            record.changing(id(second), one -> one.letIn(null)).with((GatewayRecord.Keys) null));

    assertThat(second.refresh()).isEqualTo(Standing.WITHOUT_KEY);
    assertThat(second.sealing()).isEmpty();
    assertThat(shown).hasSize(1);
  }

  @Test
  void whoIsPendingLetsNobodyIn() {
    Member first = first();
    Member second = new Member("second").registered(first.sealing());
    Member third = new Member("third").registered(first.sealing());
    second.keys.keep(first.keys.newestSealing().orElseThrow());

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> second.membership.letIn(third.keys.fingerprint()))
        .withMessageContaining("was not let in yet");
  }

  @Test
  void whoWasRemovedIsToldNothingAnyMore() {
    Member first = first();
    gateways.change(GATEWAY, record -> record.withMembers(List.of()));

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(first::refresh)
        .withMessageContaining("Plant 3");
  }

  // Recovery

  @Test
  void theRecoveryKeyLetsAMemberInWhenAllOthersAreLost() {
    Member first = first();
    RecoveryKey recovery = shown.get(0);
    Member next = new Member("next").registered(null);
    assertThat(next.refresh()).isEqualTo(Standing.PENDING);

    next.membership.recover(RecoveryKey.parse(recovery.text()));

    assertThat(next.refresh()).isEqualTo(Standing.READY);
    assertThat(next.sealing()).isEqualTo(first.sealing());
  }

  @Test
  void anotherRecoveryKeyLetsNobodyIn() {
    first();
    Member next = new Member("next").registered(null);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> next.membership.recover(RecoveryKey.random()));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () -> enrolment.answer(GATEWAY, id(next), Membership.RECOVER, proof("0".repeat(64))));
    assertThat(next.refresh()).isEqualTo(Standing.PENDING);
  }

  @Test
  @Tag("I3")
  void aWrongProofOfTheRecoveryKeyIsRecorded() {
    first();
    Member next = new Member("next").registered(null);
    Auditor auditor =
        Auditor.of(AuditSettings.inStore(), store.audit(), JsonMapper.shared(), clock, "run");
    auditor.start();
    Enrolment audited = enrolment(auditor);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () -> audited.answer(GATEWAY, id(next), Membership.RECOVER, proof("0".repeat(64))));
    auditor.close();

    assertThat(store.audit().list(Filter.ALL.through(GATEWAY), null, 10))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.verdict().allowed()).isFalse();
              assertThat(record.subject().operation())
                  .isEqualTo("gateway g1 member " + id(next) + " let in by the recovery key");
              assertThat(record.toString()).doesNotContain("0".repeat(64));
            });
  }

  private static ObjectNode proof(String text) {
    return JsonNodeFactory.instance.objectNode().put("proof", text);
  }

  @Test
  void aRecoveryKeyCanBeVerifiedAndReplaced() {
    Member first = first();
    RecoveryKey before = shown.get(0);
    assertThat(first.membership.verify(before)).isEqualTo(first.sealing());

    first.membership.renewRecovery(shown::add);

    assertThat(first.membership.verify(shown.get(1))).isEqualTo(first.sealing());
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> first.membership.verify(before));
  }

  // A new key

  @Test
  void aNewKeyGoesToThoseWhoAreNamed() {
    Member first = first();
    Member second = new Member("second").registered(first.sealing());
    Member third = new Member("third").registered(first.sealing());
    first.membership.letIn(second.keys.fingerprint());
    first.membership.letIn(third.keys.fingerprint());
    second.refresh();
    third.refresh();

    String next = first.membership.rekey(Set.of(second.keys.fingerprint()), shown::add);

    assertThat(stored().keys().generation()).isEqualTo(2);
    assertThat(second.refresh()).isEqualTo(Standing.READY);
    assertThat(second.sealing()).isEqualTo(first.sealing()).isEqualTo(next);
    assertThat(third.refresh()).isEqualTo(Standing.PENDING);
    assertThat(third.sealing()).isNotEqualTo(next);
    assertThat(first.membership.verify(shown.get(1))).isEqualTo(next);
  }

  @Test
  void theEndOfAProcessRightAfterANewKeyWasMadeLosesNothing() {
    Member first = first();
    Member same = new Member("first");
    String next = first.membership.rekey(Set.of(), shown::add);
    assertThat(same.sealing()).isNotEqualTo(next);

    assertThat(same.refresh()).isEqualTo(Standing.READY);

    assertThat(same.sealing()).isEqualTo(next);
  }

  @Test
  void ofTwoNewKeysAtOnceOneCounts() {
    Member first = first();
    String before = first.sealing();
    first.membership.rekey(Set.of(), shown::add);
    ObjectNode late =
        proof("").put("key", SealingKey.random().publicJwk()).put("fingerprint", before);
    late.put("recovery", "x").put("recoveryProofHash", "y");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> enrolment.answer(GATEWAY, id(first), Membership.NEW_KEY, late))
        .withMessageContaining("present key");
  }

  @Test
  @Tag("C7")
  void aFormerKeyIsNotUsedAgainWhateverTheHostShows() {
    Member first = first();
    SealingKey former = stored().keys().key();
    first.membership.rekey(Set.of(), shown::add);
    Membership deceived =
        new Membership(
            first.folder,
            first.keys,
            (method, arguments) ->
                ((ObjectNode) first.ask(method, arguments)).put("key", former.publicJwk()));

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> deceived.renewRecovery(shown::add))
        .withMessageContaining("has replaced");
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> deceived.rekey(Set.of(), shown::add));
  }

  @Test
  void whatAMemberHandsOverHasALimit() {
    Member first = first();
    ObjectNode large = proof("").put("fingerprint", first.sealing());
    large.put("recovery", "x".repeat(10_001)).put("recoveryProofHash", "y");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> enrolment.answer(GATEWAY, id(first), Membership.NEW_RECOVERY, large))
        .withMessageContaining("/recovery");
  }

  @Test
  void whatIsNoMethodIsRefused() {
    Member first = first();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> enrolment.answer(GATEWAY, id(first), "other", proof("")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> enrolment.answer(GATEWAY, id(first), Membership.LET_IN, proof("")));
  }

  @Test
  void whoIsLeftBeforeThereIsAKeyTakesThePlaceOfTheFirstMember() {
    Member one = new Member("one").registered(null);
    Member two = new Member("two").registered(null);
    assertThat(two.refresh()).isEqualTo(Standing.PENDING);

    String first = one.membership.ids().orElseThrow().member();
    gateways.change(GATEWAY, record -> record.without(first));

    assertThat(two.refresh()).isEqualTo(Standing.READY);
  }

  @Test
  void whoIsLeftWhenThereIsAKeyHasToProveThatItMayHaveIt() {
    Member one = first();
    Member two = new Member("two").registered(one.sealing());

    String first = one.membership.ids().orElseThrow().member();
    gateways.change(GATEWAY, record -> record.without(first));

    assertThat(two.refresh()).isEqualTo(Standing.PENDING);
  }
}
