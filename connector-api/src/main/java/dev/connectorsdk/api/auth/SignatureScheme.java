package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.internal.Pipeline;
import dev.connectorsdk.api.internal.Placeholders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A signature over each request, as one service has made it up: a keyed hash (HMAC, RFC 2104) of a
 * text that is put together from the request.
 *
 * <pre>{@code
 * SignatureScheme.hmacSha256("{timestamp}{method}{path}{body}")
 *     .asking(ConnectionParameter.text("key_id"))
 *     .header("X-Timestamp", "{timestamp}")
 *     .header("Authorization", "Acme {parameter:key_id}:{signature}")
 * }</pre>
 *
 * <p>The key is the secret parameter {@link #KEY}. Immutable: each method that changes something
 * returns a copy.
 *
 * <p>In templates a name in braces stands for
 *
 * <table>
 * <caption>What a template can name</caption>
 * <tr><td>{@code {method} {scheme} {host} {path} {query}}</td><td>a part of the request as it is sent:
 *     the method in upper case, the host with a port that is not the scheme's, path and query
 *     encoded, the query without question mark</td></tr>
 * <tr><td>{@code {body}}</td><td>the bytes of the body</td></tr>
 * <tr><td>{@code {header:Name}}</td><td>the first value of a header; empty if there is none</td></tr>
 * <tr><td>{@code {parameter:name}}</td><td>a connection parameter, a secret one too; empty if it is
 *     optional and missing</td></tr>
 * <tr><td>{@code {timestamp}}</td><td>the time of this attempt</td></tr>
 * <tr><td>{@code {nonce}}</td><td>32 hexadecimal digits that nobody can guess, new for each
 *     attempt</td></tr>
 * <tr><td>{@code {signature}}</td><td>the signature, but for the signed text itself</td></tr>
 * <tr><td>any other name</td><td>what {@link #value} has called so before</td></tr>
 * </table>
 *
 * <p>and can be changed by functions, from left to right: {@code {body|sha256|hex}}. They are
 * {@code md5, sha1, sha256, sha384, sha512, hex, base64, base64url} (without padding), {@code
 * lower, upper, encoded} (percent-encoded, RFC 3986) and {@code sorted} (the parameters of a query,
 * by their encoded text).
 *
 * <p>What does not contain the signature is set before the text is signed, so that {@code query}
 * and {@code header:Name} show it.
 *
 * @param algorithm how the signature is made
 * @param text the template of the text that is signed
 * @param keyEncoding how the parameter {@link #KEY} gives the key
 * @param encoding how the signature is written
 * @param timestamps how a timestamp is written
 * @param outputs what is added to the request, in order
 * @param parameters what a connection is asked for, the key included
 */
public record SignatureScheme(
    Algorithm algorithm,
    String text,
    KeyEncoding keyEncoding,
    Encoding encoding,
    Timestamps timestamps,
    List<Output> outputs,
    List<ConnectionParameter> parameters)
    implements AuthScheme {

  /** The secret connection parameter for the key. */
  public static final String KEY = "secret_key";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Set<String> REQUEST =
      Set.of("method", "scheme", "host", "path", "query", "body", "timestamp", "nonce");
  private static final Set<String> FUNCTIONS =
      Set.of(
          "md5",
          "sha1",
          "sha256",
          "sha384",
          "sha512",
          "hex",
          "base64",
          "base64url",
          "lower",
          "upper",
          "encoded",
          "sorted");

  /** How the signature is made. */
  public enum Algorithm {
    /** HMAC with SHA-1. */
    HMAC_SHA1,
    /** HMAC with SHA-256. */
    HMAC_SHA256,
    /** HMAC with SHA-384. */
    HMAC_SHA384,
    /** HMAC with SHA-512. */
    HMAC_SHA512,
    /** A plain SHA-1 hash of a text that contains the secret, as WSSE has it. */
    SHA1,
    /** A plain SHA-256 hash of a text that contains the secret. */
    SHA256
  }

  /** How the key is given. */
  public enum KeyEncoding {
    /** As text, whose UTF-8 bytes are the key. */
    TEXT,
    /** In hexadecimal digits. */
    HEX,
    /** In Base64. */
    BASE64
  }

  /** How the signature is written. */
  public enum Encoding {
    /** In lower-case hexadecimal digits. */
    HEX,
    /** In Base64. */
    BASE64,
    /** In Base64 for URLs, without padding. */
    BASE64URL
  }

  /** How a timestamp is written, in UTC. */
  public enum Timestamps {
    /** Seconds since 1970. */
    EPOCH_SECONDS,
    /** Milliseconds since 1970. */
    EPOCH_MILLIS,
    /** {@code 2026-01-31T12:00:00Z}. */
    ISO_8601,
    /** {@code 20260131T120000Z}. */
    ISO_8601_BASIC,
    /** {@code Sat, 31 Jan 2026 12:00:00 GMT}, RFC 9110 section 5.6.7. */
    HTTP_DATE,
    /** {@code Sat, 31 Jan 2026 12:00:00 -0000}, RFC 5322 section 3.3. */
    MAIL_DATE
  }

  /**
   * Something that is added to the request, or only named.
   *
   * @param placement where it goes
   * @param name of the header, of the query parameter, or by which later templates refer to it
   * @param template what it is
   */
  public record Output(Placement placement, String name, String template) {

    /** Where an output goes. */
    public enum Placement {
      /** Into a header. */
      HEADER,
      /** Into the query. */
      QUERY,
      /** Nowhere: later templates can name it. */
      VALUE
    }

    public Output {
      Objects.requireNonNull(placement, "placement");
      Objects.requireNonNull(template, "template");
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("Not a name: '" + name + "'");
      }
    }
  }

  public SignatureScheme {
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(keyEncoding, "keyEncoding");
    Objects.requireNonNull(encoding, "encoding");
    Objects.requireNonNull(timestamps, "timestamps");
    outputs = List.copyOf(outputs);
    parameters = List.copyOf(parameters);
    Set<String> known = new HashSet<>(REQUEST);
    requireWellFormed(text, known);
    known.add("signature");
    for (Output output : outputs) {
      requireWellFormed(output.template(), known);
      if (output.placement() == Output.Placement.VALUE && !known.add(output.name())) {
        throw new IllegalArgumentException("The name '" + output.name() + "' is taken");
      }
    }
  }

  private static void requireWellFormed(String template, Set<String> known) {
    for (Placeholders.Part part : Placeholders.parts(template)) {
      if (part.isPlaceholder()) {
        requireKnown(template, Pipeline.parse(part.text()), known);
      }
    }
    if (Placeholders.hasLooseBrace(template)) {
      throw new IllegalArgumentException("Template '" + template + "' has a brace without partner");
    }
  }

  private static void requireKnown(String template, Pipeline pipeline, Set<String> known) {
    if (!known.contains(pipeline.source()) && !isQualified(pipeline.source())) {
      throw new IllegalArgumentException(
          "Template '" + template + "' names '" + pipeline.source() + "', which is not known here");
    }
    for (String function : pipeline.functions()) {
      if (!FUNCTIONS.contains(function)) {
        throw new IllegalArgumentException(
            "Template '" + template + "' has an unknown function '" + function + "'");
      }
    }
  }

  private static boolean isQualified(String source) {
    String[] parts = source.split(":", 2);
    return parts.length == 2
        && (parts[0].equals("header") || parts[0].equals("parameter"))
        && NAME.matcher(parts[1]).matches();
  }

  /** Returns HMAC-SHA256 over {@code text} in hexadecimal digits, with timestamps in seconds. */
  public static SignatureScheme hmacSha256(String text) {
    return of(Algorithm.HMAC_SHA256, text);
  }

  /**
   * Returns a signature over {@code text} in hexadecimal digits, with timestamps in seconds. Say by
   * {@link #header} or {@link #query} where it goes.
   */
  public static SignatureScheme of(Algorithm algorithm, String text) {
    return new SignatureScheme(
        algorithm,
        text,
        KeyEncoding.TEXT,
        Encoding.HEX,
        Timestamps.EPOCH_SECONDS,
        List.of(),
        List.of(ConnectionParameter.secret(KEY).titled("Secret key")));
  }

  /** Returns a copy whose key is given in another form than text. */
  public SignatureScheme keyIn(KeyEncoding keyEncoding) {
    return new SignatureScheme(
        algorithm, text, keyEncoding, encoding, timestamps, outputs, parameters);
  }

  /** Returns a copy whose signature is written in another way. */
  public SignatureScheme in(Encoding encoding) {
    return new SignatureScheme(
        algorithm, text, keyEncoding, encoding, timestamps, outputs, parameters);
  }

  /** Returns a copy with timestamps in another form. */
  public SignatureScheme timestamps(Timestamps timestamps) {
    return new SignatureScheme(
        algorithm, text, keyEncoding, encoding, timestamps, outputs, parameters);
  }

  /** Returns a copy that sets a header. */
  public SignatureScheme header(String name, String template) {
    return adding(new Output(Output.Placement.HEADER, name, template));
  }

  /** Returns a copy that sets a query parameter. */
  public SignatureScheme query(String name, String template) {
    return adding(new Output(Output.Placement.QUERY, name, template));
  }

  /** Returns a copy in which later templates can name the result of this one. */
  public SignatureScheme value(String name, String template) {
    return adding(new Output(Output.Placement.VALUE, name, template));
  }

  private SignatureScheme adding(Output output) {
    List<Output> all = new ArrayList<>(outputs);
    all.add(output);
    return new SignatureScheme(algorithm, text, keyEncoding, encoding, timestamps, all, parameters);
  }

  /** Returns a copy whose connections are also asked for {@code parameter}. */
  public SignatureScheme asking(ConnectionParameter parameter) {
    List<ConnectionParameter> all = new ArrayList<>(parameters);
    all.add(parameter);
    return new SignatureScheme(algorithm, text, keyEncoding, encoding, timestamps, outputs, all);
  }
}
