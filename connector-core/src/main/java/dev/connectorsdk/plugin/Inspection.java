package dev.connectorsdk.plugin;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorOperation;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.internal.HostPattern;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.internal.schema.GivenSchemas;
import dev.connectorsdk.plugin.ConnectorLint.Finding;
import dev.connectorsdk.plugin.ConnectorLint.Severity;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One run of the rules over one connector. For one thread. */
final class Inspection {

  private static final String CONNECTOR = "connector";

  /** A token of RFC 9110. */
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Connector connector;
  private final boolean schemas;
  private final List<Finding> findings = new ArrayList<>();
  private final GivenSchemas given = new GivenSchemas();

  /**
   * @param schemas whether to look at schemas
   */
  Inspection(Connector connector, boolean schemas) {
    this.connector = connector;
    this.schemas = schemas;
  }

  List<Finding> findings() {
    String id = String.valueOf(ask(CONNECTOR, "id()", connector::id));
    checkTexts(
        CONNECTOR,
        id,
        ask(CONNECTOR, "title()", connector::title),
        ask(CONNECTOR, "description()", connector::description));
    checkVersion();
    Map<String, ConnectionParameter> own =
        checkParameters(
            CONNECTOR, askList(CONNECTOR, "parameters()", connector::parameters), Set.of());
    List<AuthOption> options = askList(CONNECTOR, "authOptions()", connector::authOptions);
    List<Map<String, ConnectionParameter>> declared = checkAuthOptions(options, own);
    checkBaseUrl(declared);
    checkOrigins(declared);
    checkFileHosts();
    checkActions();
    checkTriggers();
    checkConnectionTest();
    return List.copyOf(findings);
  }

  private void checkConnectionTest() {
    Optional<?> test = ask(CONNECTOR, "connectionTest()", connector::connectionTest);
    if (test != null && test.isEmpty()) {
      warn(
          "no-connection-test",
          CONNECTOR,
          "Nobody can find out whether a connection works.",
          "Add a test that asks the service who is signed in.");
    }
  }

  private void checkVersion() {
    String version = ask(CONNECTOR, "version()", connector::version);
    if (version != null && (version.isBlank() || version.equals("0"))) {
      warn(
          "missing-version",
          CONNECTOR,
          "It has no version.",
          "Set one and count it up with each change that its users notice.");
    }
  }

  private void checkActions() {
    List<Action<?, ?>> actions = askList(CONNECTOR, "actions()", connector::actions);
    List<String> ids = new ArrayList<>();
    for (Action<?, ?> action : actions) {
      String id = ask("action", "id()", action::id);
      if (id != null) {
        ids.add(id);
        checkAction(action, id);
      }
    }
    checkDuplicates(CONNECTOR, "actions", ids);
  }

  private void checkAction(Action<?, ?> action, String id) {
    String place = "action '" + id + "'";
    checkEffect(place, action, id, String.valueOf(checkTexts(place, action, id)));
    checkSchema(place, "input", action::input);
    checkSchema(place, "output", action::output);
    Optional<String> header = ask(place, "idempotencyHeader()", action::idempotencyHeader);
    if (header != null && header.isPresent()) {
      checkHeaderName(place, header.get());
    }
  }

  private void checkEffect(String place, Action<?, ?> action, String id, String title) {
    Effect effect = ask(place, "effect()", action::effect);
    if (effect != null && (Words.contradict(id, effect) || Words.contradict(title, effect))) {
      warn(
          "effect-contradicts-name",
          place,
          "Its effect is " + effect + ", which its name does not suggest.",
          "Correct the effect, or give it another name.");
    }
  }

  private void checkTriggers() {
    List<Trigger<?, ?>> triggers = askList(CONNECTOR, "triggers()", connector::triggers);
    List<String> ids = new ArrayList<>();
    for (Trigger<?, ?> trigger : triggers) {
      String id = ask("trigger", "id()", trigger::id);
      if (id != null) {
        ids.add(id);
        String place = "trigger '" + id + "'";
        checkTexts(place, trigger, id);
        checkSchema(place, "configuration", trigger::configuration);
        checkSchema(place, "event", trigger::event);
        if (trigger instanceof WebhookTrigger<?, ?> webhook) {
          checkSignature(place, webhook);
          checkSecretParameter(place, webhook);
        }
        if (trigger instanceof PollingTrigger<?, ?, ?> polling) {
          checkPolling(place, polling);
        }
      }
    }
    checkDuplicates(CONNECTOR, "triggers", ids);
    checkApplications(triggers);
  }

  private void checkApplications(List<Trigger<?, ?>> triggers) {
    Set<Object> applications = new HashSet<>();
    Set<Object> answers = new HashSet<>();
    for (Trigger<?, ?> trigger : triggers) {
      if (trigger instanceof WebhookTrigger<?, ?> webhook && webhook.application().isPresent()) {
        applications.add(webhook.application().get());
        answers.add(List.of(webhook.contentTypes(), webhook.successStatus()));
      }
    }
    if (applications.size() > 1) {
      error(
          "several-applications",
          CONNECTOR,
          "Its triggers belong to several applications, and what arrives at a URL is for one.",
          "Give all of them the same WebhookTrigger.Application.");
    }
    if (answers.size() > 1) {
      error(
          "several-answers",
          CONNECTOR,
          "Triggers of its application differ in the content types or the status for success, and"
              + " all that is for them arrives at one URL.",
          "Give all of them the same.");
    }
  }

  private void checkSignature(String place, WebhookTrigger<?, ?> webhook) {
    Signature signature = ask(place, "signature()", webhook::signature);
    if (signature == null) {
      return;
    }
    if (signature.isUnsigned()) {
      warn(
          "unsigned-webhook",
          place,
          "Whoever gets to know its callback URL can invent events.",
          "If the service signs its deliveries, declare how.");
    }
    if (!signature.saysWhatRepeatsAre()) {
      warn(
          "no-delivery-id",
          place,
          "A delivery with the same body as one before counts as its repeat for seven days.",
          "Declare an id, or say bodyIsId() or bodyIsNoId().");
    }
    for (String header : signature.doubtfulIdHeaders()) {
      warn(
          "changing-delivery-id",
          place,
          "The header " + header + " changes when a delivery is sent again.",
          "Name what the service says stays the same, or nothing.");
    }
  }

  private void checkSecretParameter(String place, WebhookTrigger<?, ?> webhook) {
    Optional<String> name = ask(place, "secretParameter()", webhook::secretParameter);
    if (name != null
        && name.isPresent()
        && connector.authOptions().stream()
            .flatMap(option -> connector.parameters(option).stream())
            .noneMatch(one -> one.isSecret() && one.isNamed(name.get()))) {
      error(
          "no-secret-parameter",
          place,
          "Connections have no secret parameter '" + name.get() + "' to check deliveries with.",
          "Declare it with ConnectionParameter.secret.");
    }
  }

  private void checkPolling(String place, PollingTrigger<?, ?, ?> trigger) {
    Shape<?> cursor = ask(place, "cursor()", trigger::cursor);
    if (cursor != null && isTime(cursor.type())) {
      warn(
          "no-overlap",
          place,
          "Its cursor is a time: an event with an earlier one that becomes visible later is lost.",
          "Poll with pollOverlapping, or read a list with PollingTrigger.list.");
    }
    checkStarts(place, trigger);
    checkCursorFields(place, trigger);
    Duration interval = ask(place, "minimumInterval()", trigger::minimumInterval);
    if (interval != null && (interval.isNegative() || interval.isZero())) {
      error(
          "invalid-interval",
          place,
          "The interval " + interval + " is not positive.",
          "Say how long the service wants to be left alone, or nothing.");
    }
  }

  private void checkStarts(String place, PollingTrigger<?, ?, ?> trigger) {
    Set<Class<? extends Start>> starts = ask(place, "starts()", trigger::starts);
    LostCursor lost = ask(place, "lostCursor()", trigger::lostCursor);
    Class<? extends Start> needed = lost instanceof LostCursor.Resync ? Start.All.class : null;
    needed = lost instanceof LostCursor.ResyncSince ? Start.Since.class : needed;
    if (starts != null && needed != null && !starts.contains(needed)) {
      error(
          "impossible-resync",
          place,
          "After a lost cursor it would have to start with "
              + needed.getSimpleName()
              + ", which it does not support.",
          "Support that start, or stop when the cursor is lost.");
    }
  }

  private void checkCursorFields(String place, PollingTrigger<?, ?, ?> trigger) {
    Set<String> fields = ask(place, "cursorFields()", trigger::cursorFields);
    Shape<?> configuration = ask(place, "configuration()", trigger::configuration);
    if (fields == null || configuration == null) {
      return;
    }
    for (String field : fields) {
      if (!mayHave(configuration, field)) {
        error(
            "unknown-cursor-field",
            place,
            "Its cursor depends on '" + field + "', which its configuration does not have.",
            "Name a member of the configuration.");
      }
    }
  }

  private static boolean mayHave(Shape<?> configuration, String member) {
    if (configuration.type() instanceof Class<?> type && type.isRecord()) {
      return Arrays.stream(type.getRecordComponents())
          .anyMatch(component -> component.getName().equals(member));
    }
    return true;
  }

  /** Returns whether a cursor is a time, or a record with one in it. */
  private static boolean isTime(Type cursor) {
    if (!(cursor instanceof Class<?> type)) {
      return false;
    }
    return Temporal.class.isAssignableFrom(type)
        || (type.isRecord()
            && Arrays.stream(type.getRecordComponents())
                .anyMatch(component -> Temporal.class.isAssignableFrom(component.getType())));
  }

  private void checkSchema(String place, String what, Supplier<? extends Shape<?>> getter) {
    if (!schemas) {
      return;
    }
    Shape<?> shape = ask(place, what + "()", getter);
    if (shape == null) {
      return;
    }
    String problem = given.problem(shape);
    if (problem != null) {
      error(
          "unusable-schema",
          place,
          "The schema of its " + what + " " + problem,
          "Correct the schema.");
    }
    JsonNode schema = shape.givenSchema();
    if (schema != null && schema.isEmpty() && !(schema.isBoolean() && !schema.booleanValue())) {
      warn(
          "empty-schema",
          place,
          "The schema of its " + what + " says nothing.",
          "Describe the " + what + ", if only as an object.");
    }
  }

  /** Returns what a connection is asked for, for each auth option that it may have. */
  private List<Map<String, ConnectionParameter>> checkAuthOptions(
      List<AuthOption> options, Map<String, ConnectionParameter> own) {
    List<Map<String, ConnectionParameter>> declared = new ArrayList<>();
    if (options.isEmpty()) {
      error(
          "no-auth-option",
          CONNECTOR,
          "No connection can be made without an auth option.",
          "Declare one, AuthOption.none() if the service asks for nothing.");
    }
    checkDuplicates(CONNECTOR, "auth options", options.stream().map(AuthOption::id).toList());
    for (AuthOption option : options) {
      declared.add(checkAuthOption(option, own));
    }
    return declared.isEmpty() ? List.of(own) : declared;
  }

  private Map<String, ConnectionParameter> checkAuthOption(
      AuthOption option, Map<String, ConnectionParameter> own) {
    String place = "auth option '" + option.id() + "'";
    checkTitle(place, option.id(), option.title());
    AuthScheme scheme = option.scheme();
    Set<String> ofScheme = byName(askList(place, "parameters()", scheme::parameters)).keySet();
    List<ConnectionParameter> further = askList(place, "parameters()", option::parameters);
    for (ConnectionParameter parameter : checkParameters(place, further, ofScheme).values()) {
      if (own.containsKey(key(parameter.name()))) {
        duplicate(place, "parameters", parameter.name());
      }
    }
    Map<String, ConnectionParameter> all =
        byName(askList(place, "parameters(option)", () -> connector.parameters(option)));
    checkScheme(place, scheme, all);
    checkRefusingAnswers(place, option, all);
    return all;
  }

  private void checkRefusingAnswers(
      String place, AuthOption option, Map<String, ConnectionParameter> parameters) {
    boolean isOfNobody =
        option.scheme() instanceof NoneScheme
            && parameters.values().stream().noneMatch(ConnectionParameter::isSecret);
    if (isOfNobody && !option.refusingAnswers().isEmpty()) {
      warn(
          "refusing-answers-without-credential",
          place,
          "It names answers that refuse a credential, and its connections have none.",
          "Leave refusedBy out.");
    }
    if (option.refusingAnswers().stream().anyMatch(answer -> answer.status() == 401)) {
      warn(
          "refusing-answers-401",
          place,
          "It names 401 as an answer that refuses a credential, which every 401 does.",
          "Leave refusedBy(401) out.");
    }
  }

  private static Map<String, ConnectionParameter> byName(List<ConnectionParameter> parameters) {
    Map<String, ConnectionParameter> byName = new LinkedHashMap<>();
    parameters.forEach(parameter -> byName.put(key(parameter.name()), parameter));
    return byName;
  }

  private void checkScheme(
      String place, AuthScheme scheme, Map<String, ConnectionParameter> parameters) {
    for (String endpoint : askList(place, "endpoints()", scheme::endpoints)) {
      checkUrl(place, "endpoint", endpoint, List.of(parameters));
    }
    if (scheme instanceof ApiKeyScheme apiKey) {
      for (ApiKeyScheme.Key key : apiKey.keys()) {
        checkHoldsSecret(place, key.parameter(), parameters);
        if (key.placement() == ApiKeyScheme.Placement.HEADER) {
          checkHeaderName(place, key.name());
        }
      }
    } else if (scheme instanceof BearerScheme bearer) {
      checkHoldsSecret(place, bearer.parameter(), parameters);
    } else if (scheme instanceof BasicScheme basic) {
      checkHoldsSecret(place, basic.passwordParameter(), parameters);
    } else if (scheme instanceof OAuth2Scheme oauth2) {
      checkOAuth2(place, oauth2, parameters);
    }
  }

  private void checkOAuth2(
      String place, OAuth2Scheme scheme, Map<String, ConnectionParameter> parameters) {
    if (scheme.isClientFromConnection()
        && scheme.clientAuthentication() != OAuth2Scheme.ClientAuthentication.NONE) {
      checkHoldsSecret(place, OAuth2Scheme.CLIENT_SECRET, parameters);
    }
    if (scheme.dpop() != null && !scheme.bearerTokenTypes().isEmpty()) {
      warn(
          "bearer-types-with-dpop",
          place,
          "It names types of bearer tokens, and its tokens are bound to a key.",
          "Leave either bearerTokenTypes or dpop out.");
    }
    String authorizationUrl = scheme.authorizationUrl();
    if (scheme.grant() != OAuth2Scheme.Grant.AUTHORIZATION_CODE || authorizationUrl == null) {
      return;
    }
    if (!(scheme.isDiscovered() && authorizationUrl.equals("{authorization_endpoint}"))) {
      checkUrl(place, "authorization URL", authorizationUrl, List.of(parameters));
    }
    if (!scheme.usesPkce()) {
      warn(
          "pkce-off",
          place,
          "Without PKCE an intercepted code can be used by somebody else.",
          "Leave PKCE on unless the provider refuses it.");
    }
    checkOfflineAccess(place, scheme);
  }

  private void checkOfflineAccess(String place, OAuth2Scheme scheme) {
    String missing = OfflineAccess.missingIn(scheme);
    if (missing != null) {
      warn(
          "offline-access-not-asked",
          place,
          "The provider gives no refresh token, so that users have to sign in every hour.",
          "Add " + missing + ".");
    }
  }

  private void checkHoldsSecret(
      String place, String name, Map<String, ConnectionParameter> parameters) {
    ConnectionParameter parameter = parameters.get(key(name));
    if (parameter == null) {
      error(
          "undeclared-parameter",
          place,
          "Its scheme uses parameter '" + name + "', which is not declared.",
          "Declare it as a secret parameter.");
    } else if (!parameter.isSecret()) {
      error(
          "plain-secret",
          place,
          "Parameter '" + name + "' holds a credential, and is not a secret.",
          "Declare it with ConnectionParameter.secret.");
    }
  }

  /** Checks the parameters of one place and returns them by name in lower case. */
  private Map<String, ConnectionParameter> checkParameters(
      String owner, List<ConnectionParameter> parameters, Set<String> described) {
    Map<String, ConnectionParameter> byName = new LinkedHashMap<>();
    for (ConnectionParameter parameter : parameters) {
      String name = parameter.name();
      String place = owner + ", parameter '" + name + "'";
      if (byName.put(key(name), parameter) != null) {
        duplicate(owner, "parameters", name);
      }
      if (!parameter.isHidden()) {
        checkTitle(place, name, parameter.title());
        if (!described.contains(key(name))) {
          checkDescription(place, name, parameter.description());
        }
      }
      checkIsNoPlainSecret(place, parameter);
    }
    return byName;
  }

  private void checkIsNoPlainSecret(String place, ConnectionParameter parameter) {
    if (parameter.type() == ConnectionParameter.Type.TEXT
        && parameter.choices().isEmpty()
        && Words.soundSecret(parameter.name())) {
      warn(
          "plain-secret",
          place,
          "It sounds like a secret, and is stored and shown as plain text.",
          "Declare it with ConnectionParameter.secret, or give it another name.");
    }
  }

  private void checkBaseUrl(List<Map<String, ConnectionParameter>> declared) {
    String baseUrl = ask(CONNECTOR, "baseUrl()", connector::baseUrl);
    if (baseUrl != null) {
      checkUrl(CONNECTOR, "base URL", baseUrl, declared);
    }
  }

  private void checkOrigins(List<Map<String, ConnectionParameter>> declared) {
    for (String origin : askList(CONNECTOR, "additionalOrigins()", connector::additionalOrigins)) {
      CheckedUrl template = checkUrl(CONNECTOR, "additional origin", origin, declared);
      if (template.problem() == null && !template.isOrigin()) {
        error(
            "invalid-url",
            CONNECTOR,
            "Additional origin " + origin + " has a path or query.",
            "Leave only scheme, host and port.");
      }
    }
  }

  private void checkFileHosts() {
    for (String host : askList(CONNECTOR, "fileHosts()", connector::fileHosts)) {
      try {
        new HostPattern(host);
      } catch (IllegalArgumentException e) {
        error(
            "invalid-host",
            CONNECTOR,
            "File host " + host + " is neither a host name nor *. with a domain.",
            "Leave out scheme, port and path.");
      }
    }
  }

  private CheckedUrl checkUrl(
      String place, String what, String url, List<Map<String, ConnectionParameter>> declared) {
    CheckedUrl template = CheckedUrl.parse(url);
    String problem = template.problem();
    String subject = "The " + what + " " + url;
    if (problem != null) {
      error(
          "invalid-url",
          place,
          subject + " is unusable. " + problem,
          "Write it like https://{site}.example.com/api, with parameters in braces.");
    } else if (!template.isSecure()) {
      error(
          "insecure-url",
          place,
          subject + " does not begin with https, so that credentials would travel in the open.",
          "Use https.");
    }
    for (String name : new HashSet<>(template.parameters())) {
      checkParameterInUrl(place, subject, name, declared);
    }
    return template;
  }

  private void checkParameterInUrl(
      String place, String subject, String name, List<Map<String, ConnectionParameter>> declared) {
    if (declared.stream().anyMatch(parameters -> !parameters.containsKey(key(name)))) {
      error(
          "undeclared-parameter",
          place,
          subject + " uses parameter '" + name + "', which not every connection has.",
          "Declare it as a parameter of the connector, or of each auth option.");
    } else if (declared.stream().anyMatch(p -> isSecret(p.get(key(name))))) {
      error(
          "secret-in-url",
          place,
          subject + " uses the secret parameter '" + name + "', and URLs end up in logs.",
          "Send the secret by an auth scheme.");
    }
  }

  private static boolean isSecret(@Nullable ConnectionParameter parameter) {
    return parameter != null && parameter.isSecret();
  }

  /** Checks what people read, unless they are not offered the operation; returns the title. */
  private @Nullable String checkTexts(String place, ConnectorOperation operation, String id) {
    String title = ask(place, "title()", operation::title);
    String description = ask(place, "description()", operation::description);
    Boolean internal = ask(place, "isInternal()", operation::isInternal);
    if (internal != null && !internal) {
      checkTexts(place, id, title, description);
    }
    return title;
  }

  private void checkTexts(
      String place, String id, @Nullable String title, @Nullable String description) {
    if (title != null) {
      checkTitle(place, id, title);
    }
    if (description != null) {
      checkDescription(place, id, description);
    }
  }

  private void checkTitle(String place, String id, String title) {
    // An id that begins with a capital letter can well be a title too.
    boolean isOnlyTheId = title.equals(id) && !Character.isUpperCase(id.charAt(0));
    if (title.isBlank() || isOnlyTheId) {
      warn("missing-title", place, "It has no title of its own.", "Name it for people.");
    }
  }

  private void checkDescription(String place, String id, String description) {
    if (description.isBlank() || description.equals(id)) {
      warn(
          "missing-description",
          place,
          "It has no description.",
          "Say in a sentence or two what it is, for people and for agents.");
    }
  }

  private void checkHeaderName(String place, String header) {
    if (!HEADER_NAME.matcher(header).matches()) {
      error(
          "invalid-header-name",
          place,
          "'" + header.replaceAll("\\p{Cntrl}", "?") + "' is not the name of a header.",
          "Use letters, digits and '-'.");
    }
  }

  private void checkDuplicates(String place, String what, List<String> ids) {
    Set<String> seen = new HashSet<>();
    for (String id : ids) {
      if (!seen.add(key(id))) {
        duplicate(place, what, id);
      }
    }
  }

  private void duplicate(String place, String what, String name) {
    error(
        "duplicate-name",
        place,
        "Two " + what + " are called '" + name + "', if case is ignored.",
        "Rename one.");
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Returns what a method of the connector returns, or {@code null} after reporting a failure. */
  private <T> @Nullable T ask(String place, String method, Supplier<? extends @Nullable T> getter) {
    try {
      T value = getter.get();
      if (value == null) {
        failed(place, method + " returns null.");
      }
      return value;
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      failed(place, method + " throws " + e + ".");
      return null;
    }
  }

  private <T> List<T> askList(
      String place, String method, Supplier<? extends @Nullable List<T>> getter) {
    List<T> values = ask(place, method, getter);
    List<T> present = new ArrayList<>();
    if (values != null) {
      for (T value : values) {
        if (value == null) {
          failed(place, method + " returns a list with null in it.");
        } else {
          present.add(value);
        }
      }
    }
    return present;
  }

  private void failed(String place, String problem) {
    error("method-fails", place, problem, "Return a constant that was made before.");
  }

  private void error(String id, String place, String problem, String remedy) {
    findings.add(new Finding(id, Severity.ERROR, place, problem, remedy));
  }

  private void warn(String id, String place, String problem, String remedy) {
    findings.add(new Finding(id, Severity.WARNING, place, problem, remedy));
  }
}
