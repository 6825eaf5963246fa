package dev.connectorsdk.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what people call a record, or a component of one: the {@code title} of its schema, which
 * forms show. A description is said with Jackson's {@code @JsonPropertyDescription} and
 * {@code @JsonClassDescription}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface Titled {

  /** Returns the title, in the language of the connector's other titles. */
  String value();
}
