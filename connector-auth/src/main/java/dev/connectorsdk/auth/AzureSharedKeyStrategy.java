package dev.connectorsdk.auth;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme.Variant;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.internal.QueryParameter;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shared Key of Azure Storage, as "Authorize with Shared Key" of its REST reference describes it
 * for service versions from 2015-02-21 on.
 */
final class AzureSharedKeyStrategy implements AuthStrategy<AzureSharedKeyScheme> {

  private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}(-secondary)?");

  @Override
  public Class<AzureSharedKeyScheme> schemeType() {
    return AzureSharedKeyScheme.class;
  }

  @Override
  public Authenticator open(AzureSharedKeyScheme scheme, AuthContext context) {
    String account = context.parameter(AzureSharedKeyScheme.ACCOUNT);
    if (account == null || !ACCOUNT.matcher(account).matches()) {
      throw CredentialText.fault(
          context,
          AzureSharedKeyScheme.ACCOUNT,
          "must be the name of a storage account: 3 to 24 lower-case letters and digits");
    }
    byte[] key = CredentialText.base64(context, AzureSharedKeyScheme.KEY);
    return new SharedKey(scheme, account.replace("-secondary", ""), key, context.clock());
  }

  /** One account's key. */
  static final class SharedKey implements Authenticator {

    private static final DateTimeFormatter DATE =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The headers of the Shared Key text besides those that begin with {@code x-ms-}, in order. */
    private static final List<String> STANDARD =
        List.of(
            "Content-Encoding",
            "Content-Language",
            "Content-Length",
            "Content-MD5",
            "Content-Type",
            "Date",
            "If-Modified-Since",
            "If-Match",
            "If-None-Match",
            "If-Unmodified-Since",
            "Range");

    /** Error codes that are about the account's key, or about all requests signed with it. */
    private static final Set<String> REFUSALS =
        Set.of(
            "AuthenticationFailed",
            "AuthorizationFailure",
            "InvalidAuthenticationInfo",
            "KeyBasedAuthenticationNotPermitted");

    /**
     * The service sorts names as words, in which hyphens count last and underscores come before
     * digits; names in ASCII order would differ for metadata such as {@code a_1} and {@code a1}.
     */
    private static final Comparator<String> AS_THE_SERVICE_SORTS =
        comparing((String name) -> name.replace("-", "").replace('_', ' '))
            .thenComparing(naturalOrder());

    private final AzureSharedKeyScheme scheme;
    private final String account;
    private final byte[] key;
    private final Clock clock;

    SharedKey(AzureSharedKeyScheme scheme, String account, byte[] key, Clock clock) {
      this.scheme = scheme;
      this.account = account;
      this.key = key.clone();
      this.clock = clock;
    }

    @Override
    public long authenticate(AuthRequest request) {
      request.setHeader("x-ms-date", DATE.format(clock.instant()));
      if (request.header("x-ms-version") == null) {
        request.setHeader("x-ms-version", scheme.version());
      }
      byte[] signature = Hashes.hmac("HmacSHA256", key, text(request));
      boolean lite =
          scheme.variant() == Variant.SHARED_KEY_LITE || scheme.variant() == Variant.TABLE_LITE;
      request.setHeader(
          "Authorization",
          (lite ? "SharedKeyLite " : "SharedKey ")
              + account
              + ":"
              + Base64.getEncoder().encodeToString(signature));
      return 0;
    }

    @Override
    public boolean isRefusal(HttpResponse answer) {
      String code = answer.header("x-ms-error-code");
      return answer.status() == 403 && (code == null || REFUSALS.contains(code));
    }

    /** Returns what is signed. */
    String text(AuthRequest request) {
      return switch (scheme.variant()) {
        case SHARED_KEY -> sharedKey(request);
        case SHARED_KEY_LITE ->
            // The date stands among the headers.
            lines(request, "") + "\n" + canonicalHeaders(request) + shortResource(request.uri());
        case TABLE ->
            lines(request, header(request, "x-ms-date")) + "\n" + shortResource(request.uri());
        case TABLE_LITE -> header(request, "x-ms-date") + "\n" + shortResource(request.uri());
      };
    }

    private String sharedKey(AuthRequest request) {
      return request.method()
          + "\n"
          + STANDARD.stream()
              .map(name -> standardHeader(request, name) + "\n")
              .collect(Collectors.joining())
          + canonicalHeaders(request)
          + canonicalResource(request.uri());
    }

    private static String lines(AuthRequest request, String date) {
      return String.join(
          "\n",
          request.method(),
          header(request, "Content-MD5"),
          header(request, "Content-Type"),
          date);
    }

    /** A length of zero is left out, and the date stands among the other headers. */
    private static String standardHeader(AuthRequest request, String name) {
      String value = name.equals("Date") ? "" : header(request, name);
      return name.equals("Content-Length") && value.equals("0") ? "" : value;
    }

    private static String header(AuthRequest request, String name) {
      String value = request.header(name);
      return value == null ? "" : value.strip();
    }

    private static String canonicalHeaders(AuthRequest request) {
      Map<String, String> headers = new TreeMap<>(AS_THE_SERVICE_SORTS);
      for (String name : request.headerNames()) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("x-ms-")) {
          headers.put(
              lower,
              request.headers(name).stream().map(String::strip).collect(Collectors.joining(",")));
        }
      }
      StringBuilder text = new StringBuilder();
      headers.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
      return text.toString();
    }

    /** The path as it is sent, so that an emulator's has the account twice; then the query. */
    private String canonicalResource(URI uri) {
      Map<String, List<String>> query = new TreeMap<>();
      for (QueryParameter parameter : QueryParameter.parse(uri.getRawQuery(), true)) {
        query
            .computeIfAbsent(parameter.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
            .add(parameter.value());
      }
      StringBuilder text = new StringBuilder(path(uri));
      query.forEach(
          (name, values) ->
              text.append('\n')
                  .append(name)
                  .append(':')
                  .append(values.stream().sorted().collect(Collectors.joining(","))));
      return text.toString();
    }

    /** Of the query, Shared Key Lite and tables sign the component alone. */
    private String shortResource(URI uri) {
      @Nullable String component =
          QueryParameter.parse(uri.getRawQuery(), true).stream()
              .filter(parameter -> parameter.name().equals("comp"))
              .map(QueryParameter::value)
              .findFirst()
              .orElse(null);
      return component == null ? path(uri) : path(uri) + "?comp=" + component;
    }

    private String path(URI uri) {
      String path = uri.getRawPath();
      return "/" + account + (path == null || path.isEmpty() ? "/" : path);
    }
  }
}
