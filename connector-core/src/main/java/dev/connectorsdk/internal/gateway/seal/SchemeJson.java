package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemes that a member of a gateway can apply, as JSON. Members are always written in the same
 * order, and an older member of a gateway refuses a type that it does not know.
 */
final class SchemeJson {

  private static final List<Form<?>> FORMS =
      List.of(
          new Form<>("none", NoneScheme.class, (scheme, json) -> {}, json -> NoneScheme.INSTANCE),
          new Form<>("basic", BasicScheme.class, SchemeJson::writeBasic, SchemeJson::readBasic),
          new Form<>("apiKey", ApiKeyScheme.class, SchemeJson::writeKeys, SchemeJson::readKeys),
          new Form<>(
              "bearer",
              BearerScheme.class,
              (scheme, json) -> json.put("parameter", scheme.parameter()),
              json -> new BearerScheme(RequiredText.of(json, "parameter"))),
          new Form<>("aws", AwsSignatureScheme.class, SchemeJson::writeAws, SchemeJson::readAws),
          new Form<>(
              "azureSharedKey",
              AzureSharedKeyScheme.class,
              SchemeJson::writeAzure,
              SchemeJson::readAzure),
          new Form<>(
              "signature",
              SignatureScheme.class,
              SchemeJson::writeSignature,
              SchemeJson::readSignature),
          new Form<>(
              "clientCredentials",
              OAuth2Scheme.class,
              ClientCredentialsJson::write,
              ClientCredentialsJson::read),
          new Form<>(
              "clientCertificate",
              ClientCertificateScheme.class,
              SchemeJson::writeCertificate,
              SchemeJson::readCertificate));

  private SchemeJson() {}

  /**
   * How one type of scheme is written and read.
   *
   * @param name of the type
   */
  private record Form<S extends AuthScheme>(
      String name, Class<S> type, BiConsumer<S, ObjectNode> write, Function<JsonNode, S> read) {

    ObjectNode written(AuthScheme scheme) {
      ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", name);
      write.accept(type.cast(scheme), json);
      return json;
    }
  }

  /** Returns why no member of a gateway could apply a scheme; empty if one can. */
  static Optional<String> obstacle(AuthScheme scheme) {
    if (scheme.needsConsent()) {
      return Optional.of("the grant of a person who signs in stays with the host");
    }
    if (scheme instanceof OAuth2Scheme oauth) {
      return ClientCredentialsJson.obstacle(oauth);
    }
    if (scheme instanceof ClientCertificateScheme certificate) {
      return obstacle(certificate.then());
    }
    if (scheme instanceof OAuth1Scheme) {
      return Optional.of("members of a gateway make no OAuth 1.0 signatures");
    }
    return form(scheme).isPresent()
        ? Optional.empty()
        : Optional.of("members of a gateway do not know " + scheme.getClass().getSimpleName());
  }

  private static Optional<Form<?>> form(AuthScheme scheme) {
    return FORMS.stream().filter(form -> form.type() == scheme.getClass()).findFirst();
  }

  /** Returns a scheme as JSON; one that has no {@link #obstacle}. */
  static ObjectNode write(AuthScheme scheme) {
    return form(scheme).orElseThrow().written(scheme);
  }

  /**
   * Returns what {@link #write} has written.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static AuthScheme read(JsonNode json) {
    String type = RequiredText.of(json, "type");
    return FORMS.stream()
        .filter(form -> form.name().equals(type))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No scheme of type '" + type + "'"))
        .read()
        .apply(json);
  }

  private static void writeCertificate(ClientCertificateScheme scheme, ObjectNode json) {
    json.put("format", name(scheme.format())).set("then", write(scheme.then()));
  }

  private static ClientCertificateScheme readCertificate(JsonNode json) {
    return new ClientCertificateScheme(
        constant(ClientCertificateScheme.Format.class, json, "format"), read(json.path("then")));
  }

  private static void writeBasic(BasicScheme scheme, ObjectNode json) {
    json.put("user", scheme.userParameter()).put("password", scheme.passwordParameter());
  }

  private static BasicScheme readBasic(JsonNode json) {
    return new BasicScheme(RequiredText.of(json, "user"), RequiredText.of(json, "password"));
  }

  private static void writeKeys(ApiKeyScheme scheme, ObjectNode json) {
    for (ApiKeyScheme.Key key : scheme.keys()) {
      json.withArray("/keys")
          .addObject()
          .put("in", name(key.placement()))
          .put("name", key.name())
          .put("prefix", key.prefix())
          .put("parameter", key.parameter());
    }
  }

  private static ApiKeyScheme readKeys(JsonNode json) {
    List<ApiKeyScheme.Key> keys = new ArrayList<>();
    for (JsonNode key : json.path("keys")) {
      keys.add(
          new ApiKeyScheme.Key(
              constant(ApiKeyScheme.Placement.class, key, "in"),
              RequiredText.of(key, "name"),
              RequiredText.of(key, "prefix"),
              RequiredText.of(key, "parameter")));
    }
    return new ApiKeyScheme(keys);
  }

  private static void writeAws(AwsSignatureScheme scheme, ObjectNode json) {
    json.put("service", scheme.service()).put("region", scheme.region());
    json.put("payload", name(scheme.payload()));
  }

  private static AwsSignatureScheme readAws(JsonNode json) {
    @Nullable String region = json.path("region").isNull() ? null : RequiredText.of(json, "region");
    return new AwsSignatureScheme(
        RequiredText.of(json, "service"),
        region,
        constant(AwsSignatureScheme.Payload.class, json, "payload"));
  }

  private static void writeAzure(AzureSharedKeyScheme scheme, ObjectNode json) {
    json.put("variant", name(scheme.variant())).put("version", scheme.version());
  }

  private static AzureSharedKeyScheme readAzure(JsonNode json) {
    return new AzureSharedKeyScheme(
        constant(AzureSharedKeyScheme.Variant.class, json, "variant"),
        RequiredText.of(json, "version"));
  }

  /** What a connection is asked for besides the key is of no use to whoever applies the scheme. */
  private static void writeSignature(SignatureScheme scheme, ObjectNode json) {
    json.put("algorithm", name(scheme.algorithm()))
        .put("text", scheme.text())
        .put("keyEncoding", name(scheme.keyEncoding()))
        .put("encoding", name(scheme.encoding()))
        .put("timestamps", name(scheme.timestamps()));
    for (SignatureScheme.Output output : scheme.outputs()) {
      json.withArray("/outputs")
          .addObject()
          .put("in", name(output.placement()))
          .put("name", output.name())
          .put("template", output.template());
    }
  }

  private static SignatureScheme readSignature(JsonNode json) {
    List<SignatureScheme.Output> outputs = new ArrayList<>();
    for (JsonNode output : json.path("outputs")) {
      outputs.add(
          new SignatureScheme.Output(
              constant(SignatureScheme.Output.Placement.class, output, "in"),
              RequiredText.of(output, "name"),
              RequiredText.of(output, "template")));
    }
    return new SignatureScheme(
        constant(SignatureScheme.Algorithm.class, json, "algorithm"),
        RequiredText.of(json, "text"),
        constant(SignatureScheme.KeyEncoding.class, json, "keyEncoding"),
        constant(SignatureScheme.Encoding.class, json, "encoding"),
        constant(SignatureScheme.Timestamps.class, json, "timestamps"),
        outputs,
        List.of());
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> E constant(Class<E> type, JsonNode json, String member) {
    return Enum.valueOf(type, RequiredText.of(json, member).toUpperCase(Locale.ROOT));
  }
}
