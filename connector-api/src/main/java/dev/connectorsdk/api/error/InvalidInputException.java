package dev.connectorsdk.api.error;

import java.util.List;
import java.util.stream.Collectors;

/** The input of a call or the parameters of a connection do not fit what was declared. */
public final class InvalidInputException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  /**
   * One thing that is wrong.
   *
   * @param path JSON pointer of the value, empty for the whole input
   * @param problem what is wrong, without the value
   */
  public record Fault(String path, String problem) {

    @Override
    public String toString() {
      return (path.isEmpty() ? "(input)" : path) + ": " + problem;
    }
  }

  /**
   * @param what what was validated, such as {@code action 'getForecast'}
   * @param faults all that is wrong, at least one
   */
  public InvalidInputException(String what, List<Fault> faults) {
    super(
        "Invalid input for "
            + what
            + ": "
            + faults.stream().map(Fault::toString).collect(Collectors.joining("; ")),
        "Correct the named values and call again.",
        null);
    this.faults = List.copyOf(faults);
  }

  /**
   * @param what what was validated
   * @param path the place of the only fault, as in {@link Fault}
   * @param problem what is wrong there
   */
  public InvalidInputException(String what, String path, String problem) {
    this(what, List.of(new Fault(path, problem)));
  }

  /** Returns all that is wrong, in the order of the input. */
  public List<Fault> faults() {
    return faults;
  }
}
