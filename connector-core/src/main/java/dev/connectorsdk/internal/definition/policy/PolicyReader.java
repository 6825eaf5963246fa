package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PercentEncoding;
import dev.connectorsdk.internal.definition.policy.Policy.Section;
import dev.connectorsdk.internal.definition.policy.Policy.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads instances of policy templates. */
final class PolicyReader {

  private static final String SCOPE = "x-ms-apimTemplate-operationName";
  private static final String SECTION = "x-ms-apimTemplate-policySection";
  private static final String ARGUMENT = "x-ms-apimTemplateParameter.";

  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD");

  private final boolean plainScheme;

  /**
   * @param plainScheme whether the definition itself asks for http
   */
  PolicyReader(boolean plainScheme) {
    this.plainScheme = plainScheme;
  }

  /** Reads one instance; what cannot be read is an obstacle for all that it is over. */
  Policy read(JsonNode instance) {
    String declared = Lookup.findText(instance, "templateId");
    String template = declared == null ? "without id" : Lookup.lower(declared.trim());
    JsonNode parameters = Lookup.find(instance, "parameters");
    JsonNode scope = parameters == null ? null : Lookup.find(parameters, SCOPE);
    Arguments arguments = new Arguments(parameters == null ? instance : parameters);
    Section section = section(template, Lookup.findText(parameters, SECTION));
    Step step = null;
    String obstacle = null;
    try {
      step = step(template, arguments, plainScheme);
      obstacle = step == null ? obstacle(template) : null;
    } catch (IllegalArgumentException incomplete) {
      obstacle = "policy template '" + template + "' " + incomplete.getMessage();
    }
    return new Policy(
        template,
        scope == null ? List.of() : names(scope),
        section,
        step,
        obstacle,
        arguments.parameters());
  }

  private static @Nullable String obstacle(String template) {
    return switch (template) {
      case "updatenextlink", "setconnectionstatustounauthenticated" -> null;
      default -> "policy template '" + template + "' is not known";
    };
  }

  private static Section section(String template, @Nullable String declared) {
    if (declared != null && declared.trim().equalsIgnoreCase("failure")) {
      return Section.FAILURE;
    }
    boolean late =
        declared == null
            ? template.equals("updatenextlink")
            : declared.trim().equalsIgnoreCase("response");
    return late ? Section.RESPONSE : Section.REQUEST;
  }

  static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    for (JsonNode name : list.isString() ? List.of(list) : list) {
      if (name.isString()) {
        names.add(name.stringValue().trim());
      }
    }
    return names;
  }

  private record Arguments(JsonNode parameters) {

    @Nullable String find(String name) {
      JsonNode value = Lookup.find(parameters, ARGUMENT + name);
      if (value == null) {
        value = Lookup.find(parameters, name);
      }
      return value == null ? null : value.isString() ? value.stringValue() : value.toString();
    }

    String get(String name) {
      String value = find(name);
      if (value == null) {
        throw new IllegalArgumentException("lacks '" + name + "'");
      }
      return value;
    }

    PolicyText text(String name) {
      return PolicyText.of(get(name));
    }

    PolicyText.Call target(String name) {
      PolicyText.Call call = PolicyText.target(get(name));
      if (call == null) {
        throw new IllegalArgumentException("has a '" + name + "' that cannot be understood");
      }
      return call;
    }

    JsonPath path(String name) {
      return JsonPath.of(find(name));
    }

    boolean is(String name, boolean otherwise) {
      String value = find(name);
      return value == null ? otherwise : value.trim().equalsIgnoreCase("true");
    }
  }

  private static @Nullable Step step(String template, Arguments arguments, boolean plainScheme) {
    return switch (template) {
      case "dynamichosturl", "dynamicsubdomain" -> {
        ServiceAddress address = new ServiceAddress(arguments.text("urlTemplate"), plainScheme);
        yield (run, hosts) -> {
          address.apply(run, hosts);
          return null;
        };
      }
      case "routerequesttoendpoint" -> new RouteStep(arguments.text("newPath"));
      case "setheader" ->
          new HeaderStep(
              arguments.get("name").trim(),
              arguments.text("value"),
              Existing.of(arguments.find("existsAction")));
      case "setqueryparameter" ->
          new QueryStep(
              PercentEncoding.decode(arguments.get("name").trim()),
              arguments.text("value"),
              Existing.of(arguments.find("existsAction")));
      case "setvaluefromurl" ->
          new ValueFromUrlStep(
              arguments.target("parameterTemplate"),
              method(arguments.find("httpMethod")),
              arguments.text("parameterValueUrl"),
              arguments.target("parameterValuePathTemplate"));
      case "pollingtrigger" ->
          (run, hosts) -> {
            // The list that is asked for is the path without this mark.
            if (run.path().startsWith("/trigger/")) {
              run.setPath(run.path().substring("/trigger".length()));
            }
            return null;
          };
      case "setproperty" ->
          new SetPropertyStep(
              arguments.target("newPropertyParentPathTemplate"),
              arguments.path("newPropertySubPathTemplate"),
              arguments.text("propertyValuePathTemplate"));
      case "convertarraytoobject" -> {
        JsonPath key = arguments.path("keyWithinCollectionPath");
        boolean retain = arguments.is("retainKey", true);
        yield new ConvertStep(
            arguments.target("propertyParentPath"),
            arguments.path("propertySubPath"),
            arguments.target("newPropertyPath"),
            (value, item, run) -> Conversions.arrayToObject(value, key, retain));
      }
      case "convertobjecttoarray" -> {
        String key = arguments.find("keyName");
        String value = arguments.find("valueName");
        yield new ConvertStep(
            arguments.target("propertyParentPath"),
            arguments.path("propertySubPath"),
            arguments.target("newPropertyPath"),
            (map, item, run) ->
                Conversions.objectToArray(
                    map, key == null ? "key" : key, value == null ? "value" : value));
      }
      case "stringtoarray" -> {
        String delimiters = arguments.get("delimiterList");
        String child = arguments.get("childPropertyName");
        yield new ConvertStep(
            arguments.target("propertyParentPath"),
            arguments.path("propertySubPath"),
            arguments.target("newPropertyPath"),
            (value, item, run) -> Conversions.stringToArray(value, delimiters, child));
      }
      case "stringreplace" -> {
        PolicyText source = arguments.text("sourceString");
        PolicyText replacement = arguments.text("replacementString");
        yield new ConvertStep(
            arguments.target("propertyParentPath"),
            arguments.path("propertySubPath"),
            arguments.target("newPropertyPath"),
            (value, item, run) ->
                Conversions.replace(value, run.text(source, item), run.text(replacement, item)));
      }
      case "encodepropertyvalue" ->
          new ConvertStep(
              arguments.target("propertyParentPath"),
              arguments.path("propertySubPath"),
              arguments.target("newPropertyPath"),
              (value, item, run) -> Conversions.encode(value));
      case "moveproperties" ->
          new MoveStep(
              arguments.target("srcParentPath"),
              arguments.path("srcSubPath"),
              arguments.target("dstParentPath"),
              arguments.path("dstSubPath"),
              arguments.is("copyOnlySubProperties", false));
      default -> null;
    };
  }

  /** Returns a method that is named outright, or {@code null} for the operation's own. */
  static @Nullable String routedMethod(JsonNode parameters) {
    String declared = new Arguments(parameters).find("httpMethod");
    String name = declared == null ? "" : declared.trim().toUpperCase(Locale.ROOT);
    return METHODS.contains(name) ? name : null;
  }

  private static String method(@Nullable String declared) {
    String name = declared == null ? "" : declared.trim().toUpperCase(Locale.ROOT);
    return METHODS.contains(name) ? name : "GET";
  }

  /** Returns an argument that is a number, or 0. */
  static int number(JsonNode parameters, String name) {
    String text = new Arguments(parameters).find(name);
    try {
      return text == null ? 0 : Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Returns an argument as text, or {@code null}. */
  static @Nullable String argument(JsonNode parameters, String name) {
    return new Arguments(parameters).find(name);
  }

  /** What to do with what is there already. */
  enum Existing {
    OVERRIDE,
    SKIP,
    APPEND;

    static Existing of(@Nullable String declared) {
      return switch (declared == null ? "" : Lookup.lower(declared.trim())) {
        case "skip" -> SKIP;
        case "append" -> APPEND;
        default -> OVERRIDE;
      };
    }
  }
}
