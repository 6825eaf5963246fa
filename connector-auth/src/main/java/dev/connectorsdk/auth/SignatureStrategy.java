package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.SignatureScheme;
import dev.connectorsdk.api.auth.SignatureScheme.Algorithm;
import dev.connectorsdk.api.auth.SignatureScheme.Output;
import dev.connectorsdk.api.http.HttpResponse;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/** A keyed hash over a text that is put together from the request. */
final class SignatureStrategy implements AuthStrategy<SignatureScheme> {

  @Override
  public Class<SignatureScheme> schemeType() {
    return SignatureScheme.class;
  }

  @Override
  public Authenticator open(SignatureScheme scheme, AuthContext context) {
    return new Signer(scheme, context);
  }

  /** Signs the requests of one connection. */
  private static final class Signer implements Authenticator {

    private final SignatureScheme scheme;
    private final AuthContext context;
    private final UnaryOperator<String> parameters;
    private final byte[] key;
    private final SignatureTemplate text;
    private final List<Step> before = new ArrayList<>();
    private final List<Step> after = new ArrayList<>();

    private record Step(Output output, SignatureTemplate template) {}

    Signer(SignatureScheme scheme, AuthContext context) {
      this.scheme = scheme;
      this.context = context;
      this.parameters = name -> parameter(context, name);
      this.key = key(scheme, context);
      this.text = SignatureTemplate.parse(scheme.text());
      List<String> late = new ArrayList<>(List.of("signature"));
      for (Output output : scheme.outputs()) {
        Step step = new Step(output, SignatureTemplate.parse(output.template()));
        boolean isLate = late.stream().anyMatch(step.template()::names);
        (isLate ? after : before).add(step);
        if (isLate && output.placement() == Output.Placement.VALUE) {
          late.add(output.name());
        }
      }
    }

    @Override
    public long authenticate(AuthRequest request) {
      SignatureInputs inputs =
          new SignatureInputs(
              request,
              parameters,
              scheme.timestamps(),
              context.clock().instant(),
              context.random());
      before.forEach(step -> apply(step, request, inputs));
      inputs.put("signature", signature(text.fill(inputs)));
      after.forEach(step -> apply(step, request, inputs));
      return 0;
    }

    /** There is no rule for such signatures but that of HTTP. */
    @Override
    public boolean isRefusal(HttpResponse answer) {
      return answer.status() == 401;
    }

    private static void apply(Step step, AuthRequest request, SignatureInputs inputs) {
      String value = SignatureInputs.text(step.template().fill(inputs));
      switch (step.output().placement()) {
        case HEADER -> request.setHeader(step.output().name(), value);
        case QUERY -> request.setQueryParameter(step.output().name(), value);
        case VALUE -> inputs.put(step.output().name(), value);
      }
    }

    private String signature(byte[] signed) {
      byte[] bytes =
          switch (scheme.algorithm()) {
            case HMAC_SHA1 -> Hashes.hmac("HmacSHA1", key, signed);
            case HMAC_SHA256 -> Hashes.hmac("HmacSHA256", key, signed);
            case HMAC_SHA384 -> Hashes.hmac("HmacSHA384", key, signed);
            case HMAC_SHA512 -> Hashes.hmac("HmacSHA512", key, signed);
            case SHA1 -> Hashes.hash("SHA-1", signed);
            case SHA256 -> Hashes.hash("SHA-256", signed);
          };
      return switch (scheme.encoding()) {
        case HEX -> Hashes.hex(bytes);
        case BASE64 -> java.util.Base64.getEncoder().encodeToString(bytes);
        case BASE64URL -> Hashes.base64Url(bytes);
      };
    }

    /** A plain hash has no key; its secret stands in the text, as a parameter. */
    private static byte[] key(SignatureScheme scheme, AuthContext context) {
      String parameter = SignatureScheme.KEY;
      String given = CredentialText.required(context, parameter);
      boolean keyed =
          scheme.algorithm() != Algorithm.SHA1 && scheme.algorithm() != Algorithm.SHA256;
      if (!keyed) {
        return new byte[0];
      }
      return switch (scheme.keyEncoding()) {
        case TEXT -> given.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        case BASE64 -> CredentialText.base64(context, parameter);
        case HEX -> hex(context, parameter, given.strip());
      };
    }

    private static byte[] hex(AuthContext context, String parameter, String digits) {
      try {
        return HexFormat.of().parseHex(digits);
      } catch (IllegalArgumentException e) {
        throw CredentialText.fault(context, parameter, "is not a row of hexadecimal digits");
      }
    }

    private static String parameter(AuthContext context, String name) {
      String plain = context.parameter(name);
      Secret secret = plain == null ? context.secret(name) : null;
      return plain != null ? plain : secret == null ? "" : secret.reveal();
    }
  }
}
