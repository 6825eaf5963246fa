/**
 * The command line {@code connectors}: looks at connector definitions, calls their operations and
 * keeps connections, from a shell.
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
 * <tr><td>{@code call DIR OPERATION}</td><td>calls one, or with {@code --dry-run} shows the request</td></tr>
 * <tr><td>{@code choices DIR OPERATION PARAM}</td><td>what may be given for a parameter</td></tr>
 * <tr><td>{@code listen DIR TRIGGER}</td><td>prints each event as a line of JSON</td></tr>
 * <tr><td>{@code poll DIR TRIGGER --preview}</td><td>prints what a poll would find now</td></tr>
 * <tr><td>{@code sample DIR TRIGGER --to URL}</td><td>sends what a service would send</td></tr>
 * <tr><td>{@code connect DIR}</td><td>makes a connection, tests it and keeps it</td></tr>
 * <tr><td>{@code connections}</td><td>lists what is kept, or deletes some</td></tr>
 * <tr><td>{@code console}</td><td>opens the web console with the demo's data</td></tr>
 * <tr><td>{@code mcp DIR...}</td><td>serves actions as tools of agents</td></tr>
 * <tr><td>{@code new NAME}</td><td>makes the Maven project of a plugin</td></tr>
 * <tr><td>{@code test}</td><td>asks the services whether it still works</td></tr>
 * </table>
 *
 * <p>Results go to the standard output, everything else to the standard error. {@code --json} gives
 * JSON in UTF-8. A failure is one line and a code: 0 it worked, 1 it failed, 2 the command line or
 * an input does not fit and nothing was sent. Nothing is logged unless {@code --verbose} is given.
 * Colours and progress bars appear on a terminal only, and no colours if {@code NO_COLOR} is set.
 *
 * <p><b>Secrets.</b> Give them as {@code name=@file}, {@code name=env:VARIABLE}, or {@code name}
 * alone, which asks without echo. A dry run shows the request as it would have been sent, with
 * every secret masked in URL, headers and body, percent-encoded, escaped or in Base64; it opens no
 * connection to anywhere, and takes tokens that it does not have for given. What a service answers
 * is printed as it came, even if it repeats a secret.
 *
 * <p><b>Home.</b> Connections are kept in {@code ~/.connectors} or in {@code --home}: an H2
 * database, the key that its secrets are encrypted with, and from which folder each connection was
 * made. Only its owner can read it, and one command at a time can use it. Who can copy the folder
 * has the secrets.
 *
 * <p><b>Triggers.</b> {@code listen} subscribes, prints, and unsubscribes at the end. A service
 * that calls back is told a URL on this machine, or {@code --public-url}. What a process that was
 * killed has left registered is removed when somebody listens again with the same stored
 * connection.
 *
 * <p><b>Not included:</b> connections cannot be shared.
 */
@NullMarked
package dev.connectorsdk.examples.cli;

import org.jspecify.annotations.NullMarked;
