package dev.connectorsdk.api.webhook;

import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.api.webhook.Signature.KeyForm;
import dev.connectorsdk.api.webhook.Signature.TimeForm;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The signatures of many services, with their handshakes. Each method says what the secret is,
 * where that is not what the service calls the webhook's signing secret.
 *
 * <p>Where a service has its own tolerance for the age of a delivery that is shorter than 300 s,
 * that is used. None accepts more, and none accepts a timestamp that is more than 300 s ahead.
 * Change one with {@link Signature#toBuilder}.
 */
public final class Signatures {

  private static final Duration STANDARD = Duration.ofMinutes(5);
  private static final String SNS_URL = "https://sns\\.[a-z0-9-]{1,40}\\.amazonaws\\.com(\\.cn)?/";

  private Signatures() {}

  /** Standard Webhooks 1.0 with a shared secret, {@code whsec_} and Base64. */
  public static Signature standardWebhooks() {
    return standardWebhooks("webhook");
  }

  /** Svix under its own header names. */
  public static Signature svix() {
    return standardWebhooks("svix");
  }

  private static Signature standardWebhooks(String name) {
    return Signature.hmacSha256("{header:" + name + "-id}.{timestamp}.{body}")
        .key(KeyForm.BASE64, "whsec_")
        .in(Encoding.BASE64, Place.header(name + "-signature").part(" ", "v1,"))
        .timestamp(Place.header(name + "-timestamp"), TimeForm.SECONDS)
        .id("{header:" + name + "-id}")
        .build();
  }

  /** Standard Webhooks 1.0 with a key pair; the secret is the public key, {@code whpk_}. */
  public static Signature standardWebhooksWithPublicKey() {
    return Signature.of(Algorithm.ED25519, "{header:webhook-id}.{timestamp}.{body}")
        .key(KeyForm.BASE64, "whpk_")
        .in(Encoding.BASE64, Place.header("webhook-signature").part(" ", "v1a,"))
        .timestamp(Place.header("webhook-timestamp"), TimeForm.SECONDS)
        .id("{header:webhook-id}")
        .build();
  }

  /** Adyen's notifications of payments. Eight members are signed, and nothing else of the body. */
  public static Signature adyen() {
    String item = "json:/NotificationRequestItem/";
    return Signature.hmacSha256(
            ("{pspReference}:[{originalReference}]:{merchantAccountCode}:[{merchantReference}]"
                    + ":[{amount/value}]:[{amount/currency}]:{eventCode}:{success}")
                .replace("{", "{" + item))
        .each("/notificationItems")
        .key(KeyForm.HEX)
        .in(Encoding.BASE64, Place.json("/NotificationRequestItem/additionalData/hmacSignature"))
        .bodyIsId()
        .build();
  }

  /** Adyen's other webhooks, such as those of its platform. */
  public static Signature adyenPlatform() {
    return Signature.hmacSha256("{body}")
        .key(KeyForm.HEX)
        .in(Encoding.BASE64, Place.header("hmacsignature"))
        .bodyIsId()
        .build();
  }

  /**
   * Amazon SNS; there is no secret. The subscription is confirmed by the handshake. The names are
   * those that Amazon's library for Java accepts.
   *
   * @param topicArn the topic that may send: Amazon signs for the topics of any account
   */
  public static Signature amazonSns(String topicArn) {
    return Signature.of(
            Algorithm.RSA_SHA256,
            "Message\n{json:/Message}\nMessageId\n{json:/MessageId}\n[Subject\n{json:/Subject}\n]"
                + "[SubscribeURL\n{json:/SubscribeURL}\n]Timestamp\n{json:/Timestamp}\n"
                + "[Token\n{json:/Token}\n]TopicArn\n{json:/TopicArn}\nType\n{json:/Type}\n")
        .in(Encoding.BASE64, Place.json("/Signature"))
        .certificate(
            Place.json("/SigningCertURL"),
            SNS_URL + "[A-Za-z0-9-]{1,100}\\.pem",
            "(sns|sns-signing\\.[a-z0-9-]+|sns-[a-z0-9-]+)\\.amazonaws\\.com(\\.cn)?")
        .algorithmNamedBy(
            Place.json("/SignatureVersion"),
            Map.of("1", Algorithm.RSA_SHA1, "2", Algorithm.RSA_SHA256))
        .requiring(Place.json("/TopicArn"), topicArn)
        .id("{json:/MessageId}")
        .handshake(
            Handshake.signed("POST")
                .when(Place.json("/Type"), "SubscriptionConfirmation")
                .opens(Place.json("/SubscribeURL"), SNS_URL + "\\?[^#]{1,2000}")
                .build())
        .build();
  }

  /** Asana; the secret comes with the handshake. */
  public static Signature asana() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("X-Hook-Signature"))
        .handshake(
            Handshake.unprotected("POST")
                .when(Place.header("X-Hook-Secret"))
                .header("X-Hook-Secret", "{header:X-Hook-Secret}")
                .learns(Place.header("X-Hook-Secret"))
                .build())
        .bodyIsId()
        .build();
  }

  /** Bitbucket. */
  public static Signature bitbucket() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("X-Hub-Signature").after("sha256="))
        .bodyIsId()
        .build();
  }

  /** Box; the secrets are the primary and the secondary signature key. */
  public static Signature box() {
    return Signature.hmacSha256("{body}{timestamp}")
        .in(
            Encoding.BASE64,
            Place.header("box-signature-primary"),
            Place.header("box-signature-secondary"))
        .timestamp(Place.header("box-delivery-timestamp"), TimeForm.ISO_8601)
        .id("{json:/id}")
        .build();
  }

  /**
   * Braintree; the secret is the private key.
   *
   * @param publicKey which belongs to the private key and names it in deliveries
   */
  public static Signature braintree(String publicKey) {
    return Signature.of(Algorithm.HMAC_SHA1, "{form:bt_payload}")
        .key(KeyForm.SHA1)
        .in(Encoding.HEX, Place.form("bt_signature").part("&", publicKey + "|"))
        .handshake(
            Handshake.unprotected("GET")
                .whenMatching(Place.query("bt_challenge"), "[a-f0-9]{20,32}")
                .text(publicKey + "|{query:bt_challenge|mac}")
                .build())
        .bodyIsId()
        .build();
  }

  /** Contentful; the secret has 64 characters. */
  public static Signature contentful() {
    return Signature.hmacSha256(
            "{method}\n{path}[?{query}]\n{headers-in:x-contentful-signed-headers}\n{body}")
        .in(Encoding.HEX, Place.header("x-contentful-signature"))
        .timestamp(Place.header("x-contentful-timestamp"), TimeForm.MILLIS)
        .tolerance(Duration.ofSeconds(30), STANDARD)
        .bodyIsId()
        .build();
  }

  /** Discord's webhook events; the secret is the application's public key. */
  public static Signature discordEvents() {
    return discord(Handshake.signed("POST").when(Place.json("/type"), "0").status(204).build())
        .bodyIsId()
        .build();
  }

  /** Discord's interactions; the secret is the application's public key. */
  public static Signature discordInteractions() {
    return discord(Handshake.signed("POST").when(Place.json("/type"), "1").json("type", 1).build())
        .id("{json:/id}")
        .build();
  }

  private static Signature.Builder discord(Handshake ping) {
    return Signature.of(Algorithm.ED25519, "{timestamp}{body}")
        .key(KeyForm.HEX)
        .in(Encoding.HEX, Place.header("X-Signature-Ed25519"))
        .timestamp(Place.header("X-Signature-Timestamp"), TimeForm.SECONDS)
        .handshake(ping);
  }

  /** DocuSign; one secret for each of up to 100 keys of the account. */
  public static Signature docuSign() {
    return Signature.hmacSha256("{body}")
        .in(
            Encoding.BASE64,
            IntStream.rangeClosed(1, 100)
                .mapToObj(i -> Place.header("X-DocuSign-Signature-" + i))
                .toArray(Place[]::new))
        .bodyIsId()
        .build();
  }

  /** Dropbox; the secret is the app's. */
  public static Signature dropbox() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("X-Dropbox-Signature"))
        .handshake(
            Handshake.unprotected("GET")
                .when(Place.query("challenge"))
                .text("{query:challenge}")
                .build())
        .bodyIsNoId()
        .build();
  }

  /** GitHub. */
  public static Signature gitHub() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("X-Hub-Signature-256").after("sha256="))
        .id("{header:X-GitHub-Delivery}")
        .build();
  }

  /** GitLab's secret token, which signs nothing. Its signing token is {@link #standardWebhooks}. */
  public static Signature gitLab() {
    return Signature.token()
        .in(Place.header("X-Gitlab-Token"))
        .id("{header:Idempotency-Key}")
        .build();
  }

  /**
   * Google Cloud Pub/Sub push and other services of Google that send an OpenID Connect token; there
   * is no secret. The token does not cover the body.
   *
   * @param audience as configured for the subscription
   * @param serviceAccount the e-mail address of the account that the token is made out to
   */
  public static Signature googlePush(String audience, String serviceAccount) {
    return Signature.jwt(Algorithm.JWT_RS256)
        .in(Place.bearer())
        .keySet(URI.create("https://www.googleapis.com/oauth2/v3/certs"))
        .requiring(Place.claim("iss"), "https://accounts.google.com", "accounts.google.com")
        .requiring(Place.claim("aud"), audience)
        .requiring(Place.claim("email"), serviceAccount)
        .requiring(Place.claim("email_verified"), "true")
        .id("{json:/message/messageId}")
        .build();
  }

  /** HubSpot's signature of version 3; the secret is the app's. */
  public static Signature hubSpot() {
    return Signature.hmacSha256("{method}{url}{body}{timestamp}")
        .in(Encoding.BASE64, Place.header("X-HubSpot-Signature-v3"))
        .timestamp(Place.header("X-HubSpot-Request-Timestamp"), TimeForm.MILLIS)
        .bodyIsId()
        .build();
  }

  /** HubSpot's signature of version 1; the secret is the app's. */
  public static Signature hubSpotV1() {
    return hubSpot("{secret}{body}");
  }

  /** HubSpot's signature of version 2; the secret is the app's. */
  public static Signature hubSpotV2() {
    return hubSpot("{secret}{method}{url}{body}");
  }

  private static Signature hubSpot(String text) {
    return Signature.of(Algorithm.SHA256, text)
        .in(Encoding.HEX, Place.header("X-HubSpot-Signature"))
        .bodyIsId()
        .build();
  }

  /** Intercom; the secret is the app's. */
  public static Signature intercom() {
    return Signature.of(Algorithm.HMAC_SHA1, "{body}")
        .in(Encoding.HEX, Place.header("X-Hub-Signature").after("sha1="))
        .id("{json:/id}")
        .build();
  }

  /** Intuit; the secret is the verifier token. */
  public static Signature intuit() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.BASE64, Place.header("intuit-signature"))
        .bodyIsId()
        .build();
  }

  /** Linear. */
  public static Signature linear() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("linear-signature"))
        .timestamp(Place.json("/webhookTimestamp"), TimeForm.MILLIS)
        .tolerance(Duration.ofMinutes(1), Duration.ofMinutes(1))
        .bodyIsId()
        .build();
  }

  /** Mailgun. Timestamp and token are signed, and nothing of the event. */
  public static Signature mailgun() {
    return Signature.hmacSha256("{timestamp}{json:/signature/token}")
        .in(Encoding.HEX, Place.json("/signature/signature"))
        .timestamp(Place.json("/signature/timestamp"), TimeForm.SECONDS)
        .id("{json:/signature/token}")
        .build();
  }

  /**
   * Facebook, Instagram, WhatsApp and Messenger; the secret is the app's. The handshake sends a
   * verify token, which is a value of its own.
   */
  public static Signature meta() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("X-Hub-Signature-256").after("sha256="))
        .handshake(
            Handshake.token("GET", Place.query("hub.verify_token"))
                .when(Place.query("hub.mode"), "subscribe")
                .when(Place.query("hub.challenge"))
                .text("{query:hub.challenge}")
                .build())
        .bodyIsId()
        .build();
  }

  /**
   * Microsoft Graph's notifications; the secret is the {@code clientState} of the subscription,
   * which comes back in each item.
   */
  public static Signature microsoftGraph() {
    return Signature.token()
        .each("/value")
        .in(Place.json("/clientState"))
        .handshake(
            Handshake.unprotected("POST")
                .when(Place.query("validationToken"))
                .text("{query:validationToken}")
                .build())
        .bodyIsNoId()
        .build();
  }

  /** Notion; the secret is the verification token, which comes with the handshake. */
  public static Signature notion() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("X-Notion-Signature").after("sha256="))
        .id("{json:/id}")
        .handshake(
            Handshake.unprotected("POST")
                .when(Place.json("/verification_token"))
                .learns(Place.json("/verification_token"))
                .build())
        .build();
  }

  /** Paddle Billing. */
  public static Signature paddle() {
    return Signature.hmacSha256("{timestamp}:{body}")
        .in(Encoding.HEX, Place.header("Paddle-Signature").part(";", "h1="))
        .timestamp(Place.header("Paddle-Signature").part(";", "ts="), TimeForm.SECONDS)
        .tolerance(Duration.ofSeconds(5), STANDARD)
        .id("{json:/event_id}")
        .build();
  }

  /**
   * Plaid; there is no secret. Its keys are given one by one to its clients alone, so that the
   * trigger has to say how: {@link dev.connectorsdk.api.WebhookTrigger#keys}.
   */
  public static Signature plaid() {
    return Signature.jwt(Algorithm.JWT_ES256)
        .in(Place.header("Plaid-Verification"))
        .keySet(URI.create("https://production.plaid.com/webhook_verification_key/get"))
        .timestamp(Place.claim("iat"), TimeForm.SECONDS)
        .bodyDigest(Place.claim("request_body_sha256"))
        .bodyIsNoId()
        .build();
  }

  /** SendGrid's events; the secret is the verification key. */
  public static Signature sendGrid() {
    return Signature.of(Algorithm.ECDSA_P256_SHA256, "{timestamp}{body}")
        .in(Encoding.BASE64, Place.header("X-Twilio-Email-Event-Webhook-Signature"))
        .timestamp(Place.header("X-Twilio-Email-Event-Webhook-Timestamp"), TimeForm.SECONDS)
        .bodyIsId()
        .build();
  }

  /** Shopify; the secret is the app's. */
  public static Signature shopify() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.BASE64, Place.header("X-Shopify-Hmac-Sha256"))
        .requiring(Place.header("X-Shopify-Topic"))
        .requiring(Place.header("X-Shopify-Shop-Domain"))
        .requiring(Place.header("X-Shopify-API-Version"))
        .requiring(Place.header("X-Shopify-Webhook-Id"))
        .id("{header:X-Shopify-Webhook-Id}")
        .build();
  }

  /** Slack. */
  public static Signature slack() {
    return Signature.hmacSha256("v0:{timestamp}:{body}")
        .in(Encoding.HEX, Place.header("X-Slack-Signature").after("v0="))
        .timestamp(Place.header("X-Slack-Request-Timestamp"), TimeForm.SECONDS)
        .id("{json:/event_id}")
        .handshake(
            Handshake.signed("POST")
                .when(Place.json("/type"), "url_verification")
                .json("challenge", "{json:/challenge}")
                .build())
        .build();
  }

  /** Smartsheet; the secret is the webhook's shared secret. */
  public static Signature smartsheet() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("Smartsheet-Hmac-SHA256"))
        .handshake(
            Handshake.unprotected("POST")
                .when(Place.header("Smartsheet-Hook-Challenge"))
                .header("Smartsheet-Hook-Response", "{header:Smartsheet-Hook-Challenge}")
                .json("smartsheetHookResponse", "{header:Smartsheet-Hook-Challenge}")
                .build())
        .bodyIsId()
        .build();
  }

  /** Square. */
  public static Signature square() {
    return Signature.hmacSha256("{url}{body}")
        .in(Encoding.BASE64, Place.header("x-square-hmacsha256-signature"))
        .id("{json:/event_id}")
        .build();
  }

  /** Stripe; the secret is the whole text with {@code whsec_}. */
  public static Signature stripe() {
    return Signature.hmacSha256("{timestamp}.{body}")
        .in(Encoding.HEX, Place.header("Stripe-Signature").part(",", "v1="))
        .timestamp(Place.header("Stripe-Signature").part(",", "t="), TimeForm.SECONDS)
        .id("{json:/id}")
        .build();
  }

  /** Trello; the secret is the app's. */
  public static Signature trello() {
    return Signature.of(Algorithm.HMAC_SHA1, "{body}{url}")
        .in(Encoding.BASE64, Place.header("X-Trello-Webhook"))
        .id("{json:/action/id}")
        .handshake(Handshake.unprotected("HEAD").build())
        .build();
  }

  /**
   * Twilio; the secret is the auth token, or that of the SharedKey, with which deliveries say that
   * they are signed with HMAC-SHA256.
   */
  public static Signature twilio() {
    return Signature.of(Algorithm.HMAC_SHA1, "{called-url}{form-sorted}")
        .in(Encoding.BASE64, Place.header("X-Twilio-Signature"))
        .algorithmNamedBy(
            Place.header("X-Twilio-Webhooks-Signature-Settings").part(",", "algorithm="),
            Map.of(
                "", Algorithm.HMAC_SHA1,
                "HMAC_SHA1", Algorithm.HMAC_SHA1,
                "HMAC_SHA256", Algorithm.HMAC_SHA256))
        .bodyDigest(Place.query("bodySHA256"))
        .id("{header:I-Twilio-Idempotency-Token}")
        .build();
  }

  /** Typeform. */
  public static Signature typeform() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.BASE64, Place.header("Typeform-Signature").after("sha256="))
        .id("{json:/event_id}")
        .build();
  }

  /** WorkOS. */
  public static Signature workOs() {
    return Signature.hmacSha256("{timestamp}.{body}")
        .in(Encoding.HEX, Place.header("WorkOS-Signature").part(",", "v1="))
        .timestamp(Place.header("WorkOS-Signature").part(",", "t="), TimeForm.MILLIS)
        .tolerance(Duration.ofMinutes(3), STANDARD)
        .id("{json:/id}")
        .build();
  }

  /** Xero; the secret is the webhooks key. */
  public static Signature xero() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.BASE64, Place.header("x-xero-signature"))
        .bodyIsId()
        .build();
  }

  /** Zendesk. */
  public static Signature zendesk() {
    return Signature.hmacSha256("{timestamp}{body}")
        .in(Encoding.BASE64, Place.header("X-Zendesk-Webhook-Signature"))
        .timestamp(Place.header("X-Zendesk-Webhook-Signature-Timestamp"), TimeForm.ISO_8601)
        .bodyIsNoId()
        .build();
  }

  /** Zoom; the secret is the app's secret token. */
  public static Signature zoom() {
    return Signature.hmacSha256("v0:{timestamp}:{body}")
        .in(Encoding.HEX, Place.header("x-zm-signature").after("v0="))
        .timestamp(Place.header("x-zm-request-timestamp"), TimeForm.SECONDS)
        .handshake(
            Handshake.signed("POST")
                .when(Place.json("/event"), "endpoint.url_validation")
                .json("plainToken", "{json:/payload/plainToken}")
                .json("encryptedToken", "{json:/payload/plainToken|mac}")
                .build())
        .bodyIsId()
        .build();
  }
}
