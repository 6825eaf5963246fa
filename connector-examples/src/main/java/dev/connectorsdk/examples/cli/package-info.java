/**
 * The command line {@code connectors}: looks at connector definitions from a shell.
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * java -jar connector-examples/target/connectors.jar help
 * }</pre>
 *
 * <table>
 * <caption>Commands</caption>
 * <tr><td>{@code inspect DIR...}</td><td>what definitions offer, and what cannot be used and why</td></tr>
 * <tr><td>{@code operations DIR}</td><td>the operations of one</td></tr>
 * <tr><td>{@code describe DIR OPERATION}</td><td>what one takes, returns and does</td></tr>
 * <tr><td>{@code docs DIR}</td><td>a page of Markdown</td></tr>
 * </table>
 *
 * <p>Results go to the standard output, everything else to the standard error. {@code --json} gives
 * JSON in UTF-8. A failure is one line and a code: 0 it worked, 1 it failed, 2 the command line or
 * an input does not fit and nothing was sent. Nothing is logged unless {@code --verbose} is given.
 * Colours and progress bars appear on a terminal only, and no colours if {@code NO_COLOR} is set.
 */
@NullMarked
package dev.connectorsdk.examples.cli;

import org.jspecify.annotations.NullMarked;
