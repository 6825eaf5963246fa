package dev.connectorsdk.storm;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Each kind of credential that is sealed. No secret stands here, for hosts load this. */
@SuppressWarnings("ImmutableEnumChecker") // Neither kind of field changes.
enum SealedKinds {
  BASIC(AuthOption.basic(), "password", Map.of("username", "ada")),
  KEY_IN_HEADER(AuthOption.apiKeyHeader("X-Api-Key"), "api_key", Map.of()),
  KEY_IN_QUERY(AuthOption.apiKeyQuery("key"), "api_key", Map.of()),
  BEARER(AuthOption.of("bearer", BearerScheme.standard()), "token", Map.of()),
  AZURE(
      AuthOption.azureSharedKey(AzureSharedKeyScheme.table()),
      AzureSharedKeyScheme.KEY,
      Map.of(AzureSharedKeyScheme.ACCOUNT, "store")),
  AWS(
      AuthOption.aws(AwsSignatureScheme.of("execute-api").inRegion("eu-west-1")),
      AwsSignatureScheme.SECRET,
      Map.of(AwsSignatureScheme.KEY_ID, "AKIDEXAMPLE")),
  HMAC(
      AuthOption.signature(
          SignatureScheme.hmacSha256("{method}{path}")
              .asking(ConnectionParameter.text("key_id"))
              .header("X-Signature", "{parameter:key_id}:{signature}")),
      SignatureScheme.KEY,
      Map.of("key_id", "k7")),
  CLIENT_CREDENTIALS(
      service -> AuthOption.oauth2(OAuth2Scheme.clientCredentials(service + "/token")),
      List.of("client_secret"),
      Map.of("client_id", "app")),
  CERTIFICATE(
      service -> AuthOption.certificate(ClientCertificateScheme.pem()),
      List.of("certificate", "private_key"),
      Map.of());

  record Order(String id) {}

  record Text(String text) {}

  static final Action<Order, Text> READ =
      Action.builder("read", Effect.READ, Order.class, Text.class)
          .run((in, call) -> call.http().get("/orders/{id}", in.id()).fetch(Text.class));

  private final Function<String, AuthOption> option;
  private final List<String> slots;
  private final Map<String, String> parameters;

  SealedKinds(AuthOption option, String slot, Map<String, String> parameters) {
    this(service -> option, List.of(slot), parameters);
  }

  /**
   * @param option for a service at a URL
   */
  SealedKinds(
      Function<String, AuthOption> option, List<String> slots, Map<String, String> parameters) {
    this.option = option;
    this.slots = slots;
    this.parameters = parameters;
  }

  /** Returns the id of its connector. */
  String connector() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String option() {
    return option.apply("https://any.test").id();
  }

  /** Returns the parameters that are sealed. */
  List<String> slots() {
    return slots;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  /**
   * @param secured the URL of the service where it asks for a certificate
   */
  static List<Connector> connectors(String service, String secured) {
    return Stream.of(values())
        .map(kind -> kind.of(kind == CERTIFICATE ? secured : service))
        .toList();
  }

  private Connector of(String service) {
    return Connector.builder(connector(), service).auth(option.apply(service)).action(READ).build();
  }
}
