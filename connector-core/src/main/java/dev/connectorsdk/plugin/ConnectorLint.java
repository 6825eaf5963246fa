package dev.connectorsdk.plugin;

import dev.connectorsdk.api.Connector;
import java.util.List;
import java.util.Objects;

/**
 * Finds mistakes in a connector that the compiler cannot see.
 *
 * <pre>{@code
 * assertThat(ConnectorLint.check(new TicketsConnector())).isEmpty();
 * }</pre>
 *
 * <p>It looks at the declaration only: nothing is called at the service, and no schema is derived.
 */
public final class ConnectorLint {

  /** How bad a finding is. */
  public enum Severity {
    /** Something will not work, or gives a secret away. */
    ERROR,
    /** Something works, and its users would be better off without it. */
    WARNING
  }

  /**
   * One mistake.
   *
   * @param id the rule, such as {@code no-connection-test}; stays the same in later versions
   * @param severity how bad it is
   * @param place what it is about, such as {@code action 'getForecast'}
   * @param problem what is wrong, as a sentence
   * @param remedy what to do, as a sentence
   */
  public record Finding(String id, Severity severity, String place, String problem, String remedy) {

    public Finding {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(severity, "severity");
      Objects.requireNonNull(place, "place");
      Objects.requireNonNull(problem, "problem");
      Objects.requireNonNull(remedy, "remedy");
    }

    /** Returns all of it in one line, for logs and failed assertions. */
    @Override
    public String toString() {
      return severity + " " + id + ", " + place + ": " + problem + " " + remedy;
    }
  }

  private ConnectorLint() {}

  /**
   * Returns what is wrong with {@code connector}, in the order of its parts; empty if nothing is.
   * What a method of the connector throws becomes a finding.
   */
  public static List<Finding> check(Connector connector) {
    return new Inspection(connector, true).findings();
  }

  /**
   * Returns the same without looking at schemas, which a connector may make only when they are
   * asked for. This is what a runtime logs when it starts.
   */
  public static List<Finding> checkAtStart(Connector connector) {
    return new Inspection(connector, false).findings();
  }
}
