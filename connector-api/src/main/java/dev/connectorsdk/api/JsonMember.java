package dev.connectorsdk.api;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A member of a JSON object that may be absent, {@code null} or a value, where the three mean
 * different things: a {@code PATCH} leaves alone what is absent, clears what is {@code null} and
 * sets what has a value (RFC 7396).
 *
 * <pre>{@code
 * record TicketChange(JsonMember<String> title, JsonMember<LocalDate> due) {}
 *
 * new TicketChange(JsonMember.absent(), JsonMember.ofNull())    // {"due": null}
 * }</pre>
 *
 * <p>As a component of a record, or as a value of a map, it is written as it is, and a component is
 * read as it came. Where nothing could be left out, in a list or as a whole, an absent one is
 * written as {@code null}. In a schema it is a member that is not required and may be {@code null}.
 *
 * <p>Immutable, if its value is. Equal to another one of the same state with an equal value.
 *
 * @param <T> the type of the value
 */
public final class JsonMember<T> {

  private static final JsonMember<?> ABSENT = new JsonMember<>(false, null);
  private static final JsonMember<?> NULL = new JsonMember<>(true, null);

  private final boolean there;
  private final @Nullable T value;

  private JsonMember(boolean there, @Nullable T value) {
    this.there = there;
    this.value = value;
  }

  /** Returns a member that is not there. */
  @SuppressWarnings("unchecked") // It has no value.
  public static <T> JsonMember<T> absent() {
    return (JsonMember<T>) ABSENT;
  }

  /** Returns a member that is {@code null}. */
  @SuppressWarnings("unchecked") // It has no value.
  public static <T> JsonMember<T> ofNull() {
    return (JsonMember<T>) NULL;
  }

  /** Returns a member with a value. */
  public static <T> JsonMember<T> of(T value) {
    return new JsonMember<>(true, Objects.requireNonNull(value, "value"));
  }

  /** Returns a member with a value, or one that is {@code null} if {@code value} is. */
  public static <T> JsonMember<T> ofNullable(@Nullable T value) {
    return value == null ? ofNull() : of(value);
  }

  /** Returns whether the member is not there. */
  public boolean isAbsent() {
    return !there;
  }

  /** Returns whether the member is there and {@code null}. */
  public boolean isNull() {
    return there && value == null;
  }

  /** Returns whether the member has a value. */
  public boolean hasValue() {
    return value != null;
  }

  /**
   * Returns the value.
   *
   * @throws NoSuchElementException if the member is absent or {@code null}
   */
  public T value() {
    if (value == null) {
      throw new NoSuchElementException("The member is " + this);
    }
    return value;
  }

  /** Returns the value; empty if the member is absent or {@code null}. */
  public Optional<T> toOptional() {
    return Optional.ofNullable(value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonMember<?> member
        && there == member.there
        && Objects.equals(value, member.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(there, value);
  }

  /** Returns the text of the value, or {@code absent} or {@code null}. */
  @Override
  public String toString() {
    return !there ? "absent" : String.valueOf(value);
  }
}
