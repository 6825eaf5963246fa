package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.policy.OperationPolicies;
import dev.connectorsdk.internal.definition.request.DeclaredAnswer;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a definition, which is read when more than its id is asked for. Two threads that
 * ask at once may both read it, which gives the same.
 */
public final class Operation {

  private final String id;
  private final boolean isTrigger;
  private final Supplier<Content> reader;
  private volatile @Nullable Content content;

  /**
   * What was read.
   *
   * @param trigger {@code null} if it is an action
   * @param policies what its requests and answers pass
   * @param obstacles why it cannot be called; empty if it can
   */
  record Content(
      DeclaredOperation declared,
      DeclaredRequest request,
      DeclaredAnswer answer,
      @Nullable DeclaredTrigger trigger,
      OperationPolicies policies,
      Effects effects,
      List<String> obstacles) {

    Content {
      obstacles = List.copyOf(obstacles);
    }
  }

  Operation(String id, boolean isTrigger, Supplier<Content> reader) {
    this.id = id;
    this.isTrigger = isTrigger;
    this.reader = reader;
  }

  /** Returns an operation that has been read. */
  static Operation of(Content content) {
    Operation read =
        new Operation(content.declared().id(), content.trigger() != null, () -> content);
    read.content = content;
    return read;
  }

  private Content content() {
    Content read = content;
    if (read == null) {
      read = reader.get();
      content = read;
    }
    return read;
  }

  public String id() {
    return id;
  }

  /** Returns whether it is a trigger, and not an action. */
  public boolean isTrigger() {
    return isTrigger;
  }

  public DeclaredOperation declared() {
    return content().declared();
  }

  public DeclaredRequest request() {
    return content().request();
  }

  public DeclaredAnswer answer() {
    return content().answer();
  }

  /** Returns what kind of trigger it is, or {@code null} if it is an action. */
  public @Nullable DeclaredTrigger trigger() {
    return isTrigger ? content().trigger() : null;
  }

  /** Returns what its requests and answers pass. */
  public OperationPolicies policies() {
    return content().policies();
  }

  public Effects effects() {
    return content().effects();
  }

  /** Returns why it cannot be called; empty if it can. */
  public List<String> obstacles() {
    return content().obstacles();
  }

  public List<Parameter> parameters() {
    return request().parameters();
  }

  public boolean isSupported() {
    return obstacles().isEmpty();
  }
}
