package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.examples.mcp.OAuthTokens;
import java.net.URI;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a server that takes access tokens of an authorization server. */
final class TokenOptions {

  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      description = "Take access tokens of this authorization server, in place of a secret.")
  private @Nullable String issuer;

  @Option(
      names = "--keys",
      paramLabel = "URL",
      description = "Where the issuer publishes its keys: its jwks_uri.")
  private @Nullable URI keys;

  @Option(
      names = "--subject",
      paramLabel = "ID",
      description = "Who you are there: the claim sub of your tokens. Others are refused.")
  private @Nullable String subject;

  @Option(names = "--scope", paramLabel = "NAME", description = "The scope that tokens need.")
  private @Nullable String scope;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description = {
        "Where a tunnel or proxy to the port, which keeps the header Host, makes it",
        "reachable: the audience of tokens, and the only host that is served."
      })
  private @Nullable URI publicUrl;

  boolean areGiven() {
    return Stream.of(issuer, keys, subject, scope, publicUrl).anyMatch(given -> given != null);
  }

  /**
   * Refuses what does not fit together.
   *
   * @throws UsageException if something is missing, or would be sent where others can change it
   */
  void check() {
    if (issuer == null || keys == null || subject == null) {
      throw new UsageException(
          "tokens are taken with --issuer, --keys and --subject together: whose they are, what"
              + " proves it, and which user is you");
    }
    requireSafe("--issuer", url(issuer));
    requireSafe("--keys", keys);
    if (subject.isBlank() || (scope != null && !scope.matches("[^\\s]+"))) {
      throw new UsageException("--subject must not be empty, and --scope names one scope");
    }
    if (publicUrl != null) {
      requireSafe("--public-url", publicUrl);
      requireAddress(publicUrl);
    }
  }

  private static URI url(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--issuer is no URL");
    }
  }

  private static void requireAddress(URI url) {
    boolean hasMore =
        url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null;
    String path = url.getRawPath();
    if (hasMore || path.length() < 2 || path.endsWith("/") || path.contains("*")) {
      throw new UsageException(
          "--public-url must be scheme, host and a path, such as https://tools.example/mcp");
    }
  }

  private static void requireSafe(String option, URI url) {
    String host = url.getHost();
    boolean isSafe =
        host != null
            && ("https".equals(url.getScheme())
                || ("http".equals(url.getScheme()) && THIS_MACHINE.contains(host)));
    if (!isSafe) {
      throw new UsageException(option + " must be an https URL, or one of this machine");
    }
  }

  /** Returns where clients find the server, which listens at an address of this machine. */
  URI address(URI local) {
    return publicUrl == null ? local : publicUrl;
  }

  /** Returns the check of tokens for a resource, all of which are one person's. */
  OAuthTokens tokens(URI resource, Principal person) {
    if (issuer == null || keys == null) {
      throw new IllegalStateException("check() has not been asked");
    }
    OAuthTokens tokens =
        OAuthTokens.of(resource, issuer, keys)
            .identifiedBy(
                claims -> {
                  if (!claims.getSubject().equals(subject)) {
                    throw new IllegalArgumentException("The token is somebody else's");
                  }
                  return person;
                });
    return scope == null ? tokens : tokens.requiring(scope);
  }
}
