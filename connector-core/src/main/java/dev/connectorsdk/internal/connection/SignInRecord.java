package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who signed in for a connection, and what for. Kept encrypted beside the tokens.
 *
 * @param issuer who vouches for the subject, or {@code null}
 * @param subject the account as the authorization server names it, or {@code null}
 * @param account the account as the connector's test names it, or {@code null}
 * @param scopes what was asked for
 */
record SignInRecord(
    @Nullable String issuer,
    @Nullable String subject,
    @Nullable String account,
    List<String> scopes) {

  /** The slot of a connection's credentials in which it is kept. */
  static final String SLOT = "sign-in";

  static SignInRecord of(ConsentResult result, @Nullable Account tested, List<String> scopes) {
    Account account = result.account();
    return new SignInRecord(
        result.issuer(),
        account == null ? null : account.id(),
        tested == null ? null : tested.id(),
        scopes);
  }

  static SignInRecord read(Map<String, Secret> values) {
    String scopes = text(values, "scopes");
    return new SignInRecord(
        text(values, "issuer"),
        text(values, "subject"),
        text(values, "account"),
        scopes == null ? List.of() : List.of(scopes.split(" ")));
  }

  private static @Nullable String text(Map<String, Secret> values, String name) {
    Secret value = values.get(name);
    return value == null || value.isEmpty() ? null : value.reveal();
  }

  Map<String, Secret> values() {
    Map<String, Secret> values = new LinkedHashMap<>();
    put(values, "issuer", issuer);
    put(values, "subject", subject);
    put(values, "account", account);
    put(values, "scopes", scopes.isEmpty() ? null : String.join(" ", scopes));
    return values;
  }

  private static void put(Map<String, Secret> values, String name, @Nullable String value) {
    if (value != null) {
      values.put(name, Secret.of(value));
    }
  }

  boolean namesSomebody() {
    return subject != null || account != null;
  }

  /**
   * Returns whether this may be somebody else than {@code known}: what both say differs, or there
   * is nothing that both say.
   */
  boolean mayDifferFrom(SignInRecord known) {
    if (!known.namesSomebody()) {
      return false;
    }
    if (subject != null && known.subject != null) {
      return !(subject.equals(known.subject) && java.util.Objects.equals(issuer, known.issuer));
    }
    return account == null || !account.equals(known.account);
  }
}
