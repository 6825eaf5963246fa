package dev.connectorsdk.api.error;

/** A definition cannot be loaded. Nothing of it was registered. */
public final class DefinitionException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final int column;

  /**
   * @param file the name of the file or folder
   * @param line counted from 1, or 0 if the problem has no line
   * @param column counted from 1, or 0 if the problem has no column
   * @param problem what is wrong
   */
  public DefinitionException(String file, int line, int column, String problem) {
    super(
        file + (line > 0 ? ":" + line + ":" + column : "") + ": " + problem,
        "Correct the file at the named place.",
        null);
    this.file = file;
    this.line = line;
    this.column = column;
  }

  /** Returns the name of the file or folder. */
  public String file() {
    return file;
  }

  /** Returns the line, counted from 1, or 0 if the problem has no line. */
  public int line() {
    return line;
  }

  /** Returns the column, counted from 1, or 0 if the problem has no column. */
  public int column() {
    return column;
  }
}
