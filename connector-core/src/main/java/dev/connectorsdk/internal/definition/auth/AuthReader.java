package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.ApiKeyScheme.Placement;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.internal.definition.auth.DeclaredParameters.SignIn;
import dev.connectorsdk.internal.definition.document.DefinitionNames;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.request.CredentialPlace;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the ways to authenticate: the document says how a secret travels, the connection parameters
 * say which secrets there are, and agreed names such as {@code api_key} bring the two together.
 */
public final class AuthReader {

  /** The security definitions that are to be used together. */
  private record Requirement(Map<String, JsonNode> definitions) {}

  /**
   * A way to authenticate.
   *
   * @param hosts the parameters that hold a whole host name
   * @param ending what its id ends with, if there are several ways
   */
  private record Bound(
      AuthOption option,
      @Nullable String limitation,
      Set<CredentialPlace> injected,
      Set<String> hosts,
      String ending) {

    Bound(AuthOption option, @Nullable String limitation, Set<CredentialPlace> injected) {
      this(option, limitation, injected, Set.of(), "");
    }

    String titled(String title) {
      return switch (ending) {
        case OAuthSettings.APPLICATION -> title + " as the application";
        case OAuthSettings.ON_BEHALF_OF -> title + " on behalf of the host's user";
        default -> title;
      };
    }

    /** A parameter that holds a host name takes nothing else. */
    ConnectionParameter adapted(ConnectionParameter parameter) {
      return hosts.contains(parameter.name()) && !parameter.isSecret()
          ? HostParameters.limited(parameter)
          : parameter;
    }
  }

  private final JsonNode swagger;
  private final JsonNode properties;
  private final BiPredicate<String, String> sends;
  private final Predicate<String> uses;
  private final Warnings warnings;
  private final List<OfferedOption> options = new ArrayList<>();
  private final List<Set<CredentialPlace>> injected = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private @Nullable String refused;

  /**
   * Reads both documents of a definition.
   *
   * @param sends whether a policy sends a connection parameter in the header or query parameter of
   *     a name
   * @param uses whether a policy, a script or the check of a signature may use a connection
   *     parameter
   */
  public AuthReader(
      JsonNode swagger,
      JsonNode properties,
      BiPredicate<String, String> sends,
      Predicate<String> uses,
      Warnings warnings) {
    this.swagger = swagger;
    this.properties = properties;
    this.sends = sends;
    this.uses = uses;
    this.warnings = warnings;
  }

  public Authentication read() {
    JsonNode sets = Lookup.find(Lookup.find(properties, "connectionParameterSets"), "values");
    List<ConnectionParameter> common = List.of();
    if (sets != null && sets.isArray() && !sets.isEmpty()) {
      // They replace the plain parameters, which serve connections made before there were sets.
      int index = 0;
      List<DeclaredParameters> leftOut = new ArrayList<>();
      for (JsonNode set : sets) {
        addSet(set, "/properties/connectionParameterSets/values/" + index++, leftOut);
      }
      if (options.isEmpty()) {
        common = addRefused(leftOut);
      }
    } else {
      common = addPlain();
    }
    Set<CredentialPlace> always = new HashSet<>(injected.get(0));
    injected.forEach(always::retainAll);
    return new Authentication(common, options, always, refused);
  }

  private List<ConnectionParameter> addPlain() {
    DeclaredParameters declared =
        DeclaredParameters.read(
            Lookup.find(properties, "connectionParameters"),
            "/properties/connectionParameters",
            warnings);
    if (declared.isForWindowsAlone()) {
      return addRefused(List.of(declared));
    }
    List<Bound> bounds = bind(declared);
    Set<String> taken = new HashSet<>();
    bounds.get(0).option().scheme().parameters().forEach(p -> taken.add(p.name()));
    List<ConnectionParameter> own = new ArrayList<>();
    List<ConnectionParameter> common = new ArrayList<>();
    for (ConnectionParameter parameter : declared.values()) {
      (taken.contains(parameter.name()) ? own : common).add(bounds.get(0).adapted(parameter));
    }
    bounds.forEach(bound -> add(bound, own, declared.signIns().isEmpty(), declared));
    return common;
  }

  private void addSet(JsonNode set, String pointer, List<DeclaredParameters> leftOut) {
    DeclaredParameters declared =
        DeclaredParameters.read(Lookup.find(set, "parameters"), pointer + "/parameters", warnings);
    if (isForWindows(set, declared)) {
      warnings.add(pointer, "was left out: " + WindowsAuthentication.REFUSED);
      leftOut.add(declared);
      return;
    }
    for (Bound bound : bind(declared)) {
      addSet(set, declared, bound);
    }
  }

  private void addSet(JsonNode set, DeclaredParameters declared, Bound bound) {
    String name = Lookup.findText(set, "name");
    String id = DefinitionNames.sanitised(name == null ? "" : name, "set");
    if (bound.limitation() != null && bound.option().scheme() instanceof BearerScheme) {
      id += "-bearer";
    }
    id += bound.ending();
    JsonNode form = Lookup.find(set, "uiDefinition");
    String title = Lookup.findText(form, "displayName");
    AuthOption option =
        bound
            .option()
            .named(unique(id))
            .titled(bound.titled(title != null ? title.trim() : name != null ? name : id));
    JsonNode allowed = Lookup.find(Lookup.find(set, "metadata"), "allowSharing");
    if (allowed != null) {
      option = option.shareable(Lookup.isTrue(allowed));
    }
    add(
        new Bound(option, bound.limitation(), bound.injected()),
        declared.values().stream().map(bound::adapted).toList(),
        allowed == null ? declared.signIns().isEmpty() : Lookup.isTrue(allowed),
        declared);
  }

  private static boolean isForWindows(JsonNode set, DeclaredParameters declared) {
    String name = Lookup.findText(set, "name");
    return declared.isForWindowsAlone() || (name != null && WindowsAuthentication.is(name));
  }

  /**
   * There has to be an option, with which nothing can be called. An option that a host adds goes
   * where the refused ones would have gone.
   *
   * @return what all of them ask for besides credentials
   */
  private List<ConnectionParameter> addRefused(List<DeclaredParameters> all) {
    boolean needsGateway = all.stream().allMatch(DeclaredParameters::needsGateway);
    AuthOption none = needsGateway ? AuthOption.none().throughGateway() : AuthOption.none();
    options.add(new OfferedOption(none, WindowsAuthentication.REFUSED, false));
    injected.add(Set.of());
    refused = WindowsAuthentication.REFUSED;
    return all.get(0).values().stream()
        .filter(one -> !one.isSecret() && !one.isNamed("username"))
        .filter(one -> all.stream().allMatch(declared -> declared.find(one.name()) != null))
        .toList();
  }

  private String unique(String id) {
    String unique = id;
    for (int number = 2; !ids.add(unique); number++) {
      unique = id + "-" + number;
    }
    return unique;
  }

  private void add(
      Bound bound,
      List<ConnectionParameter> parameters,
      boolean shareable,
      DeclaredParameters declared) {
    Set<String> secrets = new HashSet<>();
    for (ConnectionParameter parameter : bound.option().scheme().parameters()) {
      if (parameter.isSecret()) {
        secrets.add(parameter.name());
      }
    }
    AuthOption option = bound.option();
    for (ConnectionParameter parameter : parameters) {
      boolean credential = secrets.contains(parameter.name()) && !parameter.isSecret();
      option = option.asking(credential ? DeclaredParameters.asSecret(parameter) : parameter);
    }
    options.add(
        new OfferedOption(
            declared.needsGateway() ? option.throughGateway() : option,
            limitation(bound, declared),
            shareable));
    injected.add(bound.injected());
  }

  /** What is asked for and never sent would count as a credential. */
  private @Nullable String limitation(Bound bound, DeclaredParameters declared) {
    if (bound.limitation() != null) {
      return bound.limitation();
    }
    List<String> limitations = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    bound.option().scheme().parameters().forEach(parameter -> taken.add(parameter.name()));
    for (ConnectionParameter parameter : declared.values()) {
      boolean ofSignIn =
          declared.signIns().stream().anyMatch(s -> parameter.name().startsWith(s.name() + ":"));
      if (parameter.isSecret()
          && !ofSignIn
          && !taken.contains(parameter.name())
          && !uses.test(parameter.name())) {
        limitations.add("it asks for '" + parameter.name() + "', which no request carries");
      }
    }
    return joined(limitations);
  }

  private List<Bound> bind(DeclaredParameters declared) {
    return declared.signIns().isEmpty() ? List.of(bindSecrets(declared)) : signIn(declared);
  }

  private Bound bindSecrets(DeclaredParameters declared) {
    String unbound = null;
    boolean sent = false;
    for (Requirement requirement : requirements()) {
      Bound bound = bind(requirement, declared);
      if (bound != null) {
        return bound;
      }
      sent |= isSentByPolicies(requirement, declared);
      if (unbound == null) {
        unbound = String.join("', '", requirement.definitions().keySet());
      }
    }
    if (sent) {
      return new Bound(withoutScheme(declared), null, Set.of());
    }
    Bound unasked = unaskedBasic(declared);
    if (unasked != null) {
      return unasked;
    }
    String limitation =
        unbound == null
            ? null
            : "no connection parameter fits the security definition '"
                + unbound
                + "': requests go out without it";
    return new Bound(withoutScheme(declared), limitation, Set.of());
  }

  /** What policies send is a credential, too, and is called what its owner is asked for. */
  private AuthOption withoutScheme(DeclaredParameters declared) {
    String secrets =
        declared.values().stream()
            .filter(parameter -> parameter.isSecret() && uses.test(parameter.name()))
            .map(ConnectionParameter::title)
            .collect(Collectors.joining(", "));
    return secrets.isEmpty() ? AuthOption.none() : AuthOption.none().titled(secrets);
  }

  /** Returns whether policies put connection parameters where a requirement wants them. */
  private boolean isSentByPolicies(Requirement requirement, DeclaredParameters declared) {
    return requirement.definitions().values().stream()
        .allMatch(
            definition -> {
              String name = isBasic(definition) ? "Authorization" : Lookup.text(definition, "name");
              return name != null
                  && declared.values().stream().anyMatch(p -> sends.test(p.name(), name));
            });
  }

  /** A name and a password that nothing else uses are what they are called. */
  private @Nullable Bound unaskedBasic(DeclaredParameters declared) {
    boolean both = declared.find("username") != null && declared.find("password") != null;
    return both && !uses.test("username") && !uses.test("password") ? basic(declared) : null;
  }

  private List<Bound> signIn(DeclaredParameters declared) {
    SignIn signIn = declared.signIns().get(0);
    Set<CredentialPlace> places =
        Set.of(new CredentialPlace(ParameterPlace.HEADER, "authorization"));
    List<String> limitations = new ArrayList<>();
    if (declared.signIns().size() > 1) {
      limitations.add("it asks for several sign-ins, of which only the first is used");
    }
    if (declared.find("api_key") != null && definitions().values().stream().anyMatch(this::isKey)) {
      limitations.add("it also asks for an API key, which is not sent beside a sign-in");
    }
    OAuthSettings settings = OAuthSettings.of(signIn, declared);
    List<Bound> bounds = new ArrayList<>();
    settings
        .schemes()
        .forEach(
            (ending, scheme) -> {
              AuthOption plain = AuthOption.oauth2(scheme);
              Bound bound = new Bound(plain, joined(limitations), places, settings.hosts(), ending);
              AuthOption option =
                  plain.named(plain.id() + ending).titled(bound.titled(plain.title()));
              bounds.add(new Bound(option, bound.limitation(), places, settings.hosts(), ending));
            });
    if (!bounds.isEmpty()) {
      return bounds;
    }
    limitations.add(0, settings.limitation() + "; an access token can be given instead");
    JsonNode form = Lookup.find(signIn.node(), "uiDefinition");
    ConnectionParameter token =
        DeclaredParameters.labelled(ConnectionParameter.secret(signIn.name()), form)
            .titled("Access token");
    AuthOption option =
        AuthOption.of(
                DefinitionNames.sanitised(signIn.name() + "-bearer", "bearer"),
                new BearerScheme(signIn.name()))
            .titled("Access token")
            .asking(token);
    return List.of(new Bound(option, joined(limitations), places));
  }

  private static @Nullable String joined(List<String> limitations) {
    return limitations.isEmpty() ? null : String.join("; ", limitations);
  }

  private @Nullable Bound bind(Requirement requirement, DeclaredParameters declared) {
    List<ApiKeyScheme.Key> keys = new ArrayList<>();
    Set<CredentialPlace> places = new HashSet<>();
    Set<String> used = new HashSet<>();
    for (Map.Entry<String, JsonNode> entry : requirement.definitions().entrySet()) {
      JsonNode definition = entry.getValue();
      if (isBasic(definition)) {
        // Two credentials cannot share the Authorization header; other combinations do not occur.
        return requirement.definitions().size() == 1 ? basic(declared) : null;
      }
      if (!isKey(definition)) {
        return null;
      }
      ApiKeyScheme.Key key =
          key(entry.getKey(), definition, declared, used, requirement.definitions().size() > 1);
      if (key == null) {
        return null;
      }
      used.add(key.parameter());
      keys.add(key);
      places.add(
          new CredentialPlace(
              key.placement() == Placement.QUERY ? ParameterPlace.QUERY : ParameterPlace.HEADER,
              Lookup.lower(key.name())));
    }
    if (keys.isEmpty()) {
      return null;
    }
    return new Bound(
        AuthOption.of("apiKey", new ApiKeyScheme(keys)).titled("API key"), null, places);
  }

  private static @Nullable Bound basic(DeclaredParameters declared) {
    ConnectionParameter user = declared.find("username");
    ConnectionParameter password = declared.find("password");
    if (user == null && password == null) {
      return null;
    }
    // One of the two may be missing from the file; it is then sent empty.
    AuthOption option =
        AuthOption.of(
                "basic",
                new BasicScheme(
                    user == null ? "username" : user.name(),
                    password == null ? "password" : password.name()))
            .titled("User name and password");
    if (user == null) {
      option = option.asking(ConnectionParameter.text("username").optional().hidden());
    }
    if (password == null) {
      option = option.asking(ConnectionParameter.secret("password").optional().hidden());
    }
    return new Bound(
        option, null, Set.of(new CredentialPlace(ParameterPlace.HEADER, "authorization")));
  }

  private ApiKeyScheme.@Nullable Key key(
      String definitionKey,
      JsonNode definition,
      DeclaredParameters declared,
      Set<String> used,
      boolean oneOfSeveral) {
    String name = Lookup.text(definition, "name");
    if (name == null || name.isBlank()) {
      return null;
    }
    boolean query = "query".equalsIgnoreCase(Lookup.text(definition, "in"));
    if (!query && name.chars().anyMatch(c -> c <= ' ' || c >= 0x7F || c == ':')) {
      return null;
    }
    List<ConnectionParameter> free =
        declared.values().stream().filter(p -> !used.contains(p.name())).toList();
    ConnectionParameter parameter =
        oneOfSeveral
            ? first(
                namedLike(definitionKey, name, free),
                named(free, "api_key"),
                onlySecret(free, name))
            : first(
                named(free, "api_key"),
                namedLike(definitionKey, name, free),
                onlySecret(free, name));
    return parameter == null
        ? null
        : new ApiKeyScheme.Key(
            query ? Placement.QUERY : Placement.HEADER, name, "", parameter.name());
  }

  private static @Nullable ConnectionParameter first(
      @Nullable ConnectionParameter one,
      @Nullable ConnectionParameter two,
      @Nullable ConnectionParameter three) {
    return one != null ? one : two != null ? two : three;
  }

  private static @Nullable ConnectionParameter namedLike(
      String definitionKey, String name, List<ConnectionParameter> parameters) {
    for (String wanted : List.of(definitionKey, name)) {
      for (ConnectionParameter parameter : parameters) {
        if (squeezed(parameter.name()).equals(squeezed(wanted))) {
          return parameter;
        }
      }
    }
    return null;
  }

  private static String squeezed(String name) {
    return Lookup.lower(name).replaceAll("[ _]", "");
  }

  private @Nullable ConnectionParameter onlySecret(
      List<ConnectionParameter> parameters, String name) {
    List<ConnectionParameter> secrets =
        parameters.stream().filter(ConnectionParameter::isSecret).toList();
    return secrets.size() == 1 && !sends.test(secrets.get(0).name(), name) ? secrets.get(0) : null;
  }

  private static @Nullable ConnectionParameter named(
      List<ConnectionParameter> parameters, String name) {
    return parameters.stream()
        .filter(p -> p.name().equalsIgnoreCase(name))
        .findFirst()
        .orElse(null);
  }

  private Map<String, JsonNode> definitions() {
    Map<String, JsonNode> definitions = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : swagger.path("securityDefinitions").properties()) {
      definitions.put(entry.getKey(), entry.getValue());
    }
    return definitions;
  }

  /**
   * Returns the alternatives, in order: those of {@code security}, then each definition alone. The
   * connection parameters decide which is meant, since the platform authenticates every call.
   */
  private List<Requirement> requirements() {
    Map<String, JsonNode> definitions = definitions();
    List<Requirement> requirements = new ArrayList<>();
    for (JsonNode alternative : swagger.path("security")) {
      Map<String, JsonNode> together = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : alternative.properties()) {
        JsonNode definition = definitions.get(entry.getKey());
        if (definition != null) {
          together.put(entry.getKey(), definition);
        }
      }
      if (!together.isEmpty()) {
        requirements.add(new Requirement(together));
      }
    }
    definitions.forEach((key, node) -> requirements.add(new Requirement(Map.of(key, node))));
    return requirements;
  }

  private boolean isKey(JsonNode definition) {
    return "apiKey".equalsIgnoreCase(Lookup.text(definition, "type"));
  }

  private static boolean isBasic(JsonNode definition) {
    return "basic".equalsIgnoreCase(Lookup.text(definition, "type"));
  }
}
