package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AwsSignatureScheme.Payload;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.QueryParameter;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests as "Create a signed AWS API request" of the IAM user guide says, in the
 * Authorization header.
 */
final class AwsSignature implements Authenticator {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** What the transport adds, or what a proxy on the way may change. */
  private static final Set<String> UNSIGNED =
      Set.of(
          "accept-encoding",
          "authorization",
          "connection",
          "content-length",
          "expect",
          "te",
          "transfer-encoding",
          "user-agent",
          "x-amzn-trace-id");

  private final AwsSignatureScheme scheme;
  private final String region;
  private final String keyId;
  private final String secret;
  private final @Nullable String sessionToken;
  private final Clock clock;
  private volatile @Nullable DayKey dayKey;

  private static final class DayKey {
    final String day;
    final byte[] key;

    DayKey(String day, byte[] key) {
      this.day = day;
      this.key = key;
    }
  }

  AwsSignature(
      AwsSignatureScheme scheme,
      String region,
      String keyId,
      String secret,
      @Nullable String sessionToken,
      Clock clock) {
    this.scheme = scheme;
    this.region = region;
    this.keyId = keyId;
    this.secret = secret;
    this.sessionToken = sessionToken;
    this.clock = clock;
  }

  @Override
  public long authenticate(AuthRequest request) {
    String time = TIME.format(clock.instant());
    request.setHeader("X-Amz-Date", time);
    if (sessionToken != null) {
      request.setHeader("X-Amz-Security-Token", sessionToken);
    }
    String payload =
        scheme.payload() == Payload.UNSIGNED ? "UNSIGNED-PAYLOAD" : sha256(request.body());
    if (isS3()) {
      request.setHeader("x-amz-content-sha256", payload);
    }
    Map<String, String> headers = headers(request);
    String canonical = canonical(request, headers, payload);
    String signed = String.join(";", headers.keySet());
    request.setHeader("Authorization", authorization(time, signed, canonical));
    return 0;
  }

  private String authorization(String time, String signedHeaders, String canonical) {
    String day = time.substring(0, 8);
    String scope = day + "/" + region + "/" + scheme.service() + "/aws4_request";
    String text = String.join("\n", ALGORITHM, time, scope, sha256(canonical.getBytes(UTF_8)));
    String signature = Hashes.hex(Hashes.hmac("HmacSHA256", key(day), text));
    String credential = keyId + "/" + scope;
    return ALGORITHM
        + (" Credential=" + credential)
        + (", SignedHeaders=" + signedHeaders)
        + (", Signature=" + signature);
  }

  private static String sha256(byte[] bytes) {
    return Hashes.hex(Hashes.hash("SHA-256", bytes));
  }

  @Override
  public boolean isRefusal(HttpResponse answer) {
    if (answer.status() != 403 && answer.status() != 400) {
      return false;
    }
    String type = answer.header("x-amzn-errortype");
    String said = type == null ? answer.text() : type;
    return REFUSALS.stream().anyMatch(said::contains);
  }

  /** Error codes of S3 and of the other services. */
  private static final List<String> REFUSALS =
      List.of(
          "SignatureDoesNotMatch",
          "InvalidSignatureException",
          "IncompleteSignature",
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "UnrecognizedClientException",
          "MissingAuthenticationToken",
          "RequestTimeTooSkewed",
          "RequestExpired",
          "ExpiredToken",
          "InvalidToken",
          "AuthFailure");

  /** The services that have objects, whose names are paths. */
  private static final Set<String> S3 =
      Set.of("s3", "s3express", "s3-object-lambda", "s3-outposts");

  private boolean isS3() {
    return S3.contains(scheme.service());
  }

  /** Derived anew each day, since that takes four times as long as a signature. */
  private byte[] key(String day) {
    DayKey known = dayKey;
    if (known == null || !known.day.equals(day)) {
      byte[] key = ("AWS4" + secret).getBytes(UTF_8);
      for (String part : List.of(day, region, scheme.service(), "aws4_request")) {
        key = Hashes.hmac("HmacSHA256", key, part);
      }
      known = new DayKey(day, key);
      dayKey = known;
    }
    return known.key;
  }

  private static Map<String, String> headers(AuthRequest request) {
    Map<String, String> headers = new TreeMap<>();
    for (String name : request.headerNames()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!UNSIGNED.contains(lower)) {
        headers.put(
            lower,
            request.headers(name).stream()
                .map(value -> value.strip().replaceAll(" +", " "))
                .collect(Collectors.joining(",")));
      }
    }
    return headers;
  }

  private String canonical(AuthRequest request, Map<String, String> headers, String payload) {
    URI uri = request.uri();
    StringBuilder text = new StringBuilder();
    text.append(request.method()).append('\n');
    text.append(isS3() ? pathAsItIs(uri) : pathEncodedAgain(uri)).append('\n');
    text.append(query(uri)).append('\n');
    headers.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    text.append('\n').append(String.join(";", headers.keySet())).append('\n');
    return text.append(payload).toString();
  }

  /** S3 takes each segment for a part of the object's name, and encodes it once. */
  private static String pathAsItIs(URI uri) {
    return Arrays.stream(path(uri).split("/", -1))
        .map(segment -> PercentEncoding.encode(PercentEncoding.decode(segment)))
        .collect(Collectors.joining("/"));
  }

  /** All others tidy the path, and encode what they receive once more. */
  private static String pathEncodedAgain(URI uri) {
    String path = path(uri);
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(PercentEncoding.encode(segment));
      }
    }
    boolean folder = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
    String tidy = "/" + String.join("/", segments);
    return folder && !segments.isEmpty() ? tidy + "/" : tidy;
  }

  private static String path(URI uri) {
    String path = uri.getRawPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  private static String query(URI uri) {
    return QueryParameter.parse(uri.getRawQuery(), false).stream()
        .map(p -> PercentEncoding.encode(p.name()) + "=" + PercentEncoding.encode(p.value()))
        .sorted(AwsSignature::byNameThenValue)
        .collect(Collectors.joining("&"));
  }

  /** Not as whole texts: {@code a=} comes before {@code a-b=}. */
  private static int byNameThenValue(String one, String other) {
    int byName = name(one).compareTo(name(other));
    return byName == 0 ? one.compareTo(other) : byName;
  }

  private static String name(String parameter) {
    return parameter.substring(0, parameter.indexOf('='));
  }
}
