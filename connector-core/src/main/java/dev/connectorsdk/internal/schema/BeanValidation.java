package dev.connectorsdk.internal.schema;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The limits that annotations of Bean Validation set, as keywords of JSON Schema. They are known by
 * their names, so that none has to be on the class path, and {@code javax} counts as {@code
 * jakarta} does.
 */
final class BeanValidation {

  private static final Set<String> PACKAGES =
      Set.of("jakarta.validation.constraints", "javax.validation.constraints");

  private final ObjectNode keywords = JsonNodeFactory.instance.objectNode();
  private final Class<?> type;

  private BeanValidation(Class<?> type) {
    this.type = type;
  }

  /**
   * Returns the keywords for the limits that an element's annotations set; empty if these set none
   * that JSON Schema has a keyword for.
   *
   * @param type of the element's values
   */
  static ObjectNode limits(AnnotatedElement element, Class<?> type) {
    BeanValidation limits = new BeanValidation(type);
    for (Annotation annotation : element.getAnnotations()) {
      if (PACKAGES.contains(annotation.annotationType().getPackageName())) {
        limits.add(annotation);
      }
    }
    return limits.keywords;
  }

  private void add(Annotation annotation) {
    switch (annotation.annotationType().getSimpleName()) {
      case "Size" -> size((int) said(annotation, "min"), (int) said(annotation, "max"));
      case "NotEmpty" -> size(1, Integer.MAX_VALUE);
      case "NotBlank" -> pattern("\\S");
      case "Pattern" -> pattern(annotation);
      case "Email" -> keywords.put("format", "email");
      case "Min" -> keywords.put("minimum", (long) said(annotation, "value"));
      case "Max" -> keywords.put("maximum", (long) said(annotation, "value"));
      case "DecimalMin" -> decimal(annotation, "minimum", "exclusiveMinimum");
      case "DecimalMax" -> decimal(annotation, "maximum", "exclusiveMaximum");
      case "Positive" -> keywords.put("exclusiveMinimum", 0);
      case "PositiveOrZero" -> keywords.put("minimum", 0);
      case "Negative" -> keywords.put("exclusiveMaximum", 0);
      case "NegativeOrZero" -> keywords.put("maximum", 0);
      default -> {
        // JSON Schema has no keyword for it.
      }
    }
  }

  private void size(int min, int max) {
    String what = "Length";
    if (Map.class.isAssignableFrom(type)) {
      what = "Properties";
    } else if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      what = "Items";
    }
    if (min > 0) {
      keywords.put("min" + what, min);
    }
    if (max < Integer.MAX_VALUE) {
      keywords.put("max" + what, max);
    }
  }

  /** JSON Schema has no keyword for flags, without which a pattern would refuse what it matches. */
  private void pattern(Annotation annotation) {
    if (((Object[]) said(annotation, "flags")).length == 0) {
      pattern("^(?:" + said(annotation, "regexp") + ")$");
    }
  }

  private void pattern(String pattern) {
    if (keywords.has("pattern")) {
      keywords.withArrayProperty("allOf").addObject().put("pattern", pattern);
    } else {
      keywords.put("pattern", pattern);
    }
  }

  private void decimal(Annotation annotation, String inclusive, String exclusive) {
    boolean included = (boolean) said(annotation, "inclusive");
    BigDecimal limit = new BigDecimal((String) said(annotation, "value"));
    keywords.put(included ? inclusive : exclusive, limit);
  }

  private static Object said(Annotation annotation, String name) {
    try {
      return annotation.annotationType().getMethod(name).invoke(annotation);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("No annotation of Bean Validation: " + annotation, e);
    }
  }
}
