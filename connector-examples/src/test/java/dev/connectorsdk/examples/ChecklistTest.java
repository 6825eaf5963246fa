package dev.connectorsdk.examples;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules of security and reliability, and whether each has a test. A test names its rule in a
 * tag, {@code @Tag("B11")}, or at the beginning of its name, {@code "B11, I6: ..."}.
 */
class ChecklistTest {

  private static final Map<String, String> RULES =
      """
      A1   PKCE on every code flow; no implicit grant, a password grant only where it is asked for
      A2   A state is random, short-lived, used once, and kept on our side
      A3   Who finishes a sign-in is who began it
      A4   Each connection context has its redirect URI
      A5   The issuer in a callback is checked
      A6   Metadata is bound to its issuer
      A7   Redirect URIs are exact and https, and lead nowhere else
      A8   Refusals and odd callbacks are typed outcomes
      A9   Granted scopes are recorded, never assumed
      A10  Signing in again does not swap the account silently
      A11  Authorization requests are pushed where the server wants it
      A12  On another device the server is polled as it says
      B1   Requests to providers go through one client with limits
      B2   HTTP Basic client authentication is form-encoded first
      B3   Client assertions name the issuer, live briefly and are used once
      B4   Client certificates are shown to their own hosts only
      B5   DPoP proofs and nonces
      B6   Token answers are checked before they are believed
      B7   Access tokens travel in the Authorization header only
      B8   Expiry, early refresh and clocks that differ
      B9   An answer without a refresh token keeps the old one
      B10  One refresh at a time in a process
      B11  One refresh at a time in a cluster
      B12  A lease that has run out lets in no second refresh
      B13  An invalid grant is final only if nobody else has refreshed
      B14  A crash between refresh and storing
      B15  Without a writable store no refresh token is spent
      B16  A lost answer is asked for once more, soon
      B17  A refused token leads to one refresh and one repetition at most
      B18  Classes of errors decide what happens next
      C1   Authenticated encryption with a key for each record
      C2   A ciphertext is bound to its place
      C3   Keys rotate while the system runs
      C4   A key that is needed is not retired
      C5   A wrong key stops the start and destroys nothing
      C6   No plain text anywhere in a store
      C7   Hostile ciphertext is an answer, not a crash
      C8   Where keys come from
      C9   Secrets are a type
      C10  Deletion is complete, with revocation; all stores keep one contract
      D1   No secret in anything that is printed
      D2   What is shown is chosen, not what is hidden
      D3   Texts from below and from services are tamed
      D4   What is done to connections, and what is refused, is on record
      E1   A connection is pinned to its hosts
      E2   Addresses are judged when they are dialled
      E3   The address that was judged is the one that is dialled
      E4   Redirects take no credential along
      E5   Paging links and long work stay at their hosts, and end
      E6   Path parameters stay one segment
      E7   Query and form parameters stay one value
      E8   Header injection and reserved headers
      E9   A URL is read in one way
      E10  Parameters in host names stay one label
      E11  TLS 1.2 or newer, verified, without a way around
      E12  Cookies, caches and proxies are not shared
      E13  Limits on size, after decompression
      E14  Limits on time, and one deadline for everything
      E15  Limits on JSON
      F1   The transport repeats nothing by itself
      F2   What may be repeated
      F3   Idempotency keys
      F4   Retry-After
      F5   Pauses with spread, and a budget
      F6   Cancellation and interruption
      F7   Answers that are cut off are errors
      F8   Connections and tenants do not use up each other's room
      F9   Shutdown
      G1   A signature is over the bytes as received, and comes before anything else
      G2   Without secret or signature a delivery is refused
      G3   Timestamps both ways, schemes exactly, secrets that rotate
      G4   Repeats are recognised by an id that stays the same
      G5   Success is answered once a delivery is stored
      G7   Handshakes are answered as plain text, and only when they are awaited
      G6   What no service sends is refused before anything is checked
      G8   Whom a delivery is for is said by its subscription, never by what is in it
      G9   A cursor and the events that it passes are stored together
      G10  Cursors of sources that misbehave lose nothing
      G11  A lost cursor is never passed over in silence
      G12  One node polls a trigger, and two do no harm
      G13  An event that always fails holds up no others
      G14  Registrations are renewed in time, replaced, and removed in the end
      H1   Loading a definition causes no I/O
      H2   Limits on definitions, patterns included
      H3   Published definitions load or are refused with a reason
      H4   A definition cannot weaken security
      H5   Requests conform to the definition, by an independent judge
      H6   One bad plugin harms nobody
      H7   Which plugin may be what
      H8   Plugins see only their own connection
      H9   Nothing is deserialized by Java, and no JSON names a class
      H10  The library's own supply chain
      I1   A reference leads to what its caller may use
      I2   Caches know whose they are
      I3   Data policies are asked when something is done, and on doubt say no
      I4   No lost updates
      I5   Outages of the database
      I6   Clocks of nodes differ
      I7   Rolling upgrades
      I8   SQL takes values as parameters only
      """
          .lines()
          .collect(toMap(line -> line.split(" ", 2)[0], line -> line.split(" ", 2)[1].strip()));

  private static final Pattern NAMED =
      Pattern.compile("Tag\\(\"([A-I]\\d+)\"\\)|\"((?:[A-I]\\d+(?:, )?)+): ");

  private static Set<String> named() throws IOException {
    Set<String> named = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      files
          .filter(file -> file.toString().matches(".*(src.test|fixtures.src).*\\.java"))
          .forEach(file -> addNamed(file, named));
    }
    return named;
  }

  private static void addNamed(Path file, Set<String> named) {
    try {
      Matcher matcher = NAMED.matcher(Files.readString(file));
      while (matcher.find()) {
        String rules = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        named.addAll(Set.of(rules.split(", ")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyRuleHasATest() throws IOException {
    Set<String> named = named();

    assertThat(RULES.entrySet())
        .filteredOn(rule -> !named.contains(rule.getKey()))
        .as("rules without a test")
        .isEmpty();
  }

  @Test
  void everyTestThatNamesARuleNamesOneOfThese() throws IOException {
    assertThat(named()).isSubsetOf(RULES.keySet());
  }
}
