package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.Gateway.Share;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A gateway, as the host knows it.
 *
 * @param id unique
 * @param keys what is sealed with, or {@code null} before a member has made it
 * @param members the one that is asked first at the beginning
 * @param shares at most one for each principal
 * @param codes by which members can be registered
 */
record GatewayRecord(
    String id,
    About about,
    @Nullable Keys keys,
    List<GatewayMemberRecord> members,
    List<Share> shares,
    List<RegistrationCode> codes) {

  private static final int MOST_CODES = 100;
  private static final int LONGEST_NAME = 200;
  private static final int ID_BYTES = 8;

  GatewayRecord {
    members = List.copyOf(members);
    shares = List.copyOf(shares);
    codes = List.copyOf(codes);
  }

  /**
   * What administrators have said of it.
   *
   * @param spread whether requests go to all members in turn
   */
  record About(
      String name,
      Environment environment,
      Principal createdBy,
      Instant createdAt,
      boolean spread) {}

  /**
   * What is sealed with.
   *
   * @param generation 1 at first, then one more with each new key
   * @param key the public half
   */
  record Keys(int generation, SealingKey key, Recovery recovery) {}

  /**
   * What a key can be restored from by means of the recovery key.
   *
   * @param sealed the gateway's key, which the host cannot open
   * @param proofHash SHA-256 of what proves that somebody has the recovery key, in hexadecimal
   */
  record Recovery(String sealed, String proofHash) {}

  Optional<GatewayMemberRecord> member(String member) {
    return members.stream().filter(one -> one.id().equals(member)).findFirst();
  }

  /**
   * Returns a member.
   *
   * @throws NotFoundException if there is none, or not any more
   */
  GatewayMemberRecord requireMember(String member) {
    return member(member)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "member of gateway '" + about.name() + "'",
                    member,
                    "It was removed, or never was."));
  }

  /** Returns an id that nobody can guess. */
  static String newId(RandomGenerator random) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Returns a name as it is kept.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String requireName(String name) {
    String stripped = name.strip();
    if (stripped.isEmpty()
        || stripped.length() > LONGEST_NAME
        || stripped.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "A name must be 1 to " + LONGEST_NAME + " characters without control characters");
    }
    return stripped;
  }

  /** Returns who has at least this role. */
  Set<Principal> having(Role role) {
    return shares.stream()
        .filter(share -> share.role().compareTo(role) >= 0)
        .map(Share::with)
        .collect(Collectors.toUnmodifiableSet());
  }

  GatewayRecord with(GatewayMemberRecord member) {
    List<GatewayMemberRecord> all = new ArrayList<>(members);
    all.add(member);
    return withMembers(all);
  }

  GatewayRecord changing(String member, UnaryOperator<GatewayMemberRecord> change) {
    return withMembers(
        members.stream().map(one -> one.id().equals(member) ? change.apply(one) : one).toList());
  }

  GatewayRecord withMembers(List<GatewayMemberRecord> other) {
    return new GatewayRecord(id, about, keys, other, shares, codes);
  }

  /**
   * Returns the gateway without a member. While it has no key, nobody could let anybody in: then
   * the next member, whose code was as good, takes the place of the first one.
   */
  GatewayRecord without(String member) {
    List<GatewayMemberRecord> left =
        members.stream().filter(one -> !one.id().equals(member)).toList();
    if (keys == null
        && !left.isEmpty()
        && left.stream().noneMatch(GatewayMemberRecord::confirmed)) {
      return withMembers(left).changing(left.get(0).id(), one -> one.letIn(null));
    }
    return withMembers(left);
  }

  GatewayRecord with(Keys other) {
    return new GatewayRecord(id, about, other, members, shares, codes);
  }

  GatewayRecord withSpread(boolean spread) {
    About other =
        new About(about.name(), about.environment(), about.createdBy(), about.createdAt(), spread);
    return new GatewayRecord(id, other, keys, members, shares, codes);
  }

  GatewayRecord withShares(List<Share> other) {
    return new GatewayRecord(id, about, keys, members, other, codes);
  }

  /** Returns whether a member can be registered by a code. */
  boolean takes(String code, Instant now) {
    return codes.stream().anyMatch(one -> one.is(code) && one.holds(now));
  }

  /** Adds a code, in place of those that hold no longer, and of the oldest if there are many. */
  GatewayRecord with(RegistrationCode code, Instant now) {
    List<RegistrationCode> all =
        new ArrayList<>(codes.stream().filter(one -> one.holds(now)).toList());
    all.add(code);
    return withCodes(all.subList(Math.max(0, all.size() - MOST_CODES), all.size()));
  }

  /** Removes a code, which is used up. */
  GatewayRecord withoutCode(String code) {
    return withCodes(codes.stream().filter(one -> !one.is(code)).toList());
  }

  private GatewayRecord withCodes(List<RegistrationCode> other) {
    return new GatewayRecord(id, about, keys, members, shares, other);
  }
}
