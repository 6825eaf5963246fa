package dev.connectorsdk.examples.cookbook;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recipes about who uses which account. */
@WireMockTest
class PeopleRecipesTest {

  private static final Principal ADA = Principal.user("ada");
  private static final Principal BEN = Principal.user("ben");
  private static final TicketQuery OPEN = new TicketQuery("open", 5);

  private String site;

  // tag::two-clients[]
  static final OAuth2Scheme SIGN_IN =
      OAuth2Scheme.authorizationCode(
          "https://id.mail.example/auth", "https://id.mail.example/token");

  static final Connector MAIL =
      Connector.builder("mail", "https://mail.example/api")
          .auth(AuthOption.oauth2(SIGN_IN).named("employees").titled("Employees"))
          .auth(AuthOption.oauth2(SIGN_IN).named("partners").titled("Partners"))
          .build();

  static RuntimeBuilder withTwoClients(ClientRegistration ours, ClientRegistration theirs) {
    return ConnectorRuntime.builder()
        .connector(MAIL)
        .client("mail", "employees", ours)
        .client("mail", "partners", theirs);
  }

  // end::two-clients[]

  // tag::connect[]
  /** Returns where to send the browser: to the sign-in that is missing, if one is. */
  static URI connect(ConnectorRuntime runtime, Caller user, ConnectionSpec spec, String session) {
    for (Connection own : runtime.connections().list(user)) {
      boolean isSuch =
          own.connector().equals(spec.connector())
              && own.authOption().equals(spec.authOption())
              && own.parameters().entrySet().containsAll(spec.values().entrySet());
      if (isSuch && !own.status().isConnected()) {
        return runtime.consents().begin(user, own.id(), session).authorizationUrl();
      }
    }
    return runtime.consents().begin(user, spec, session).authorizationUrl();
  }

  // end::connect[]

  // tag::team[]
  static final ConnectionReference TEAM = ConnectionReference.embedded("team", "helpdesk");
  static final Principal SUPPORT = Principal.service("support");
  static final Flow INBOX = Flow.of("inbox", SUPPORT).runnableBy(ADA, BEN).using(TEAM);

  /** Once, by an administrator's page of your application. */
  static void connectTeam(ConnectorRuntime runtime, ConnectionSpec account) {
    Connection shared = runtime.connections().create(SUPPORT.in("prod"), account);
    runtime.references().bind(SUPPORT.in("prod").running(INBOX), TEAM, shared.id());
  }

  static List<Ticket> inbox(ConnectorRuntime runtime, Principal member) {
    return runtime.invoke(member.in("prod").running(INBOX), TEAM, Helpdesk.LIST_TICKETS, OPEN);
  }

  // end::team[]

  // tag::revoke[]
  /** Ends everything that somebody has connected, at the services too where they offer it. */
  static int disconnect(ConnectorRuntime runtime, Administrator root, Principal leaver) {
    int ended = 0;
    var theirs = ConnectionQuery.all().ownedBy(leaver);
    List<Connection> page = runtime.connections().list(root, theirs);
    while (!page.isEmpty()) {
      for (Connection one : page) {
        ended += runtime.connections().delete(root, one.id()) ? 1 : 0;
      }
      page = runtime.connections().list(root, theirs);
    }
    return ended;
  }

  // end::revoke[]

  // tag::tenants[]
  /** The tenant is the environment: an id of yours, from the session that you have checked. */
  static Caller caller(String user, String tenant) {
    return Principal.user(user).in("tenant-" + tenant);
  }

  static Administrator administrator(String user, String tenant) {
    return Administrator.of(Principal.user(user), "tenant-" + tenant);
  }

  // end::tenants[]

  // tag::client-secret[]
  /** The secret is that of the day on which the process starts. */
  static RuntimeBuilder withClient(RuntimeBuilder builder, Secret secret) {
    return builder.client("mail", "employees", ClientRegistration.of("client-e", secret));
  }

  // end::client-secret[]

  // tag::move[]
  /** Done by whoever deploys; what it brings about is shown first. */
  static ImpactPreview promote(
      ConnectorRuntime runtime, Administrator ofProd, Flow flow, String settingsOfProd) {
    DeploymentSettings settings = DeploymentSettings.parse("prod.json", settingsOfProd);
    ImpactPreview preview = runtime.references().previewApply(ofProd, flow, settings);
    runtime.references().confirmApply(ofProd, flow, settings, preview);
    return preview;
  }

  // end::move[]

  // tag::refused-since[]
  /** What was refused to anybody since, the latest first, however many records there are. */
  static List<AuditRecord> refusals(ConnectorRuntime runtime, Administrator root, Instant since) {
    var refused = new AuditStore.Filter(null, null, null, null, null, true, since);
    List<AuditRecord> all = new ArrayList<>();
    List<AuditRecord> page = runtime.audit().list(root, refused, null, 500);
    while (!page.isEmpty()) {
      all.addAll(page);
      var last = page.get(page.size() - 1).position();
      page = runtime.audit().list(root, refused, last, 500);
    }
    return all;
  }

  // end::refused-since[]

  @BeforeEach
  void start(WireMockRuntimeInfo service) {
    site = service.getHttpBaseUrl();
    stubFor(get("/api/me").willReturn(okJson("{\"login\": \"support\", \"name\": \"Support\"}")));
    stubFor(
        get(urlPathEqualTo("/api/tickets"))
            .willReturn(okJson("{\"tickets\": [], \"next\": \"\"}")));
  }

  private ConnectorRuntime runtime() {
    return ConnectorRuntime.builder()
        .provider(new Helpdesk())
        .addressPolicy(AddressPolicy.allowAll())
        .audit(AuditSettings.inStore())
        .build();
  }

  private ConnectionSpec account(String key) {
    var spec = ConnectionSpec.of("helpdesk", "apiKey").with("site", site);
    return spec.secret("api_key", Secret.of(key));
  }

  @Test
  void eachGroupOfUsersSignsInWithItsOwnClient() {
    var callback = URI.create("https://app.example/callback/mail");
    var ours = ClientRegistration.of("client-e", Secret.of("s-1")).redirectingTo(callback);
    var theirs = ClientRegistration.of("client-p", Secret.of("s-2")).redirectingTo(callback);
    try (ConnectorRuntime runtime = withTwoClients(ours, theirs).build()) {
      for (String option : List.of("employees", "partners")) {
        var spec = ConnectionSpec.of("mail", option);
        assertThat(runtime.consents().begin(ADA.in("prod"), spec, "s").authorizationUrl())
            .asString()
            .contains("client_id=client-" + option.charAt(0));
      }
    }
  }

  @Test
  void whoDeniesASignInOrGivesItUpHasOneConnectionAllTheSame() {
    var callback = URI.create("https://app.example/callback/mail");
    var client = ClientRegistration.of("client-e", Secret.of("s-1")).redirectingTo(callback);
    var spec = ConnectionSpec.of("mail", "employees");
    try (ConnectorRuntime runtime = withTwoClients(client, client).build()) {
      String link = connect(runtime, ADA.in("prod"), spec, "session").toString();
      String state = link.replaceFirst(".*[?&]state=([^&]+).*", "$1");
      URI denied = URI.create(callback + "?error=access_denied&state=" + state);

      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(() -> runtime.consents().complete(ADA, denied, "session"));
      connect(runtime, ADA.in("prod"), spec, "session");
      connect(runtime, ADA.in("prod"), spec, "session");

      assertThat(runtime.connections().list(ADA.in("prod")))
          .extracting(own -> own.status().toString())
          .containsExactly("UNAUTHENTICATED (CONSENT_PENDING)");
      connect(runtime, ADA.in("prod"), ConnectionSpec.of("mail", "partners"), "session");
      assertThat(runtime.connections().list(ADA.in("prod"))).hasSize(2);
    }
  }

  @Test
  void aTeamUsesOneAccountThatNoMemberOwns() {
    try (ConnectorRuntime runtime = runtime()) {
      connectTeam(runtime, account("k-team"));

      inbox(runtime, ADA);
      inbox(runtime, BEN);

      assertThat(runtime.connections().list(ADA.in("prod"))).isEmpty();
      assertThatExceptionOfType(ResolutionException.class)
          .isThrownBy(() -> inbox(runtime, Principal.user("eve")));
    }
    verify(
        2,
        getRequestedFor(urlPathEqualTo("/api/tickets")).withHeader("X-Api-Key", equalTo("k-team")));
  }

  @Test
  void whoLeavesLosesEveryConnection() {
    try (ConnectorRuntime runtime = runtime()) {
      runtime.connections().create(ADA.in("dev"), account("k-1"));
      runtime.connections().create(ADA.in("prod"), account("k-2"));
      runtime.connections().create(BEN.in("prod"), account("k-3"));

      assertThat(disconnect(runtime, Administrator.ofRuntime(Principal.user("root")), ADA))
          .isEqualTo(2);
      assertThat(runtime.connections().list(ADA.in("prod"))).isEmpty();
      assertThat(runtime.connections().list(BEN.in("prod"))).hasSize(1);
    }
  }

  @Test
  void nothingOfOneTenantIsSeenInAnother() {
    try (ConnectorRuntime runtime = runtime()) {
      ConnectionId id = runtime.connections().create(caller("ada", "1"), account("k-1")).id();

      assertThat(runtime.connections().list(caller("ada", "2"))).isEmpty();
      assertThat(runtime.connections().list(administrator("root", "2"), ConnectionQuery.all()))
          .isEmpty();
      assertThat(runtime.connections().list(administrator("root", "1"), ConnectionQuery.all()))
          .extracting(Connection::id)
          .containsExactly(id);
    }
  }

  @Test
  void connectionsGoOnWithTheNextSecretOfTheClient() {
    Action<Nothing, String> count =
        Action.builder("count", Effect.READ, Nothing.class, String.class)
            .run((nothing, call) -> call.http().get("/count").fetch(String.class));
    Connector mail =
        Connector.builder("mail", site)
            .auth(
                AuthOption.oauth2(OAuth2Scheme.authorizationCode(site + "/auth", site + "/token"))
                    .named("employees"))
            .action(count)
            .build();
    InMemoryStore store = new InMemoryStore();
    KeyRing keys = KeyRing.random();
    issues("authorization_code", "a-1");
    issues("refresh_token", "a-2");
    stubFor(get("/count").willReturn(unauthorized()));
    stubFor(
        get("/count")
            .withHeader("Authorization", equalTo("Bearer a-2"))
            .willReturn(okJson("\"7\"")));
    ConnectionReference mine = ConnectionReference.invoker("mine", "mail");
    var callback = URI.create("https://app.example/callback/mail");

    try (ConnectorRuntime before = process(mail, store, keys, Secret.of("s-1"))) {
      var spec = ConnectionSpec.of("mail", "employees");
      var options = ConsentOptions.standard().redirectUri(callback);
      var link = before.consents().begin(ADA.in("prod"), spec, "s", options).authorizationUrl();
      String state = link.getQuery().replaceAll(".*state=([^&]+).*", "$1");
      before.consents().complete(ADA, callback, "code=c&state=" + state, "s");
    }
    try (ConnectorRuntime after = process(mail, store, keys, Secret.of("s-2"))) {
      assertThat(after.invoke(ADA.in("prod"), mine, count, Nothing.NOTHING)).isEqualTo("7");
    }
    verify(
        postRequestedFor(urlPathEqualTo("/token"))
            .withRequestBody(containing("grant_type=refresh_token"))
            .withBasicAuth(new BasicCredentials("client-e", "s-2")));
  }

  private static ConnectorRuntime process(
      Connector connector, InMemoryStore store, KeyRing keys, Secret secret) {
    return withClient(ConnectorRuntime.builder().connector(connector), secret)
        .store(store, keys)
        .addressPolicy(AddressPolicy.allowAll())
        .build();
  }

  private static void issues(String grant, String token) {
    stubFor(
        post("/token")
            .withRequestBody(containing("grant_type=" + grant))
            .willReturn(
                okJson(
                    "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"refresh_token\": \"r\"}"
                        .formatted(token))));
  }

  @Test
  void aFlowMovesToAnotherEnvironmentByItsSettingsFile() {
    try (ConnectorRuntime runtime = runtime()) {
      Connection inProd = runtime.connections().create(SUPPORT.in("prod"), account("k-prod"));
      String settings =
          """
          { "ConnectionReferences": [
            { "LogicalName": "team", "ConnectionId": "%s", "ConnectorId": "helpdesk" } ] }
          """
              .formatted(inProd.id().value());

      var deployer = Administrator.of(Principal.user("dee"), "prod");
      assertThat(promote(runtime, deployer, INBOX, settings).text()).contains("team");
      assertThat(inbox(runtime, BEN)).isEmpty();
    }
    verify(
        getRequestedFor(urlPathEqualTo("/api/tickets")).withHeader("X-Api-Key", equalTo("k-prod")));
  }

  @Test
  void whatWasRefusedIsInTheAudit() {
    try (ConnectorRuntime runtime = runtime()) {
      connectTeam(runtime, account("k-team"));
      assertThatExceptionOfType(ResolutionException.class)
          .isThrownBy(() -> inbox(runtime, Principal.user("eve")));

      var yesterday = Instant.now().minus(Duration.ofDays(1));
      assertThat(refusals(runtime, Administrator.ofRuntime(Principal.user("root")), yesterday))
          .extracting(record -> record.actor().who())
          .containsExactly(Principal.user("eve"));
    }
  }
}
