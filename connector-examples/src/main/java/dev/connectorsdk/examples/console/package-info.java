/**
 * The web console: pages on which people look after the connections of a runtime that a host has.
 *
 * <p>Everybody sees what is his own; administrators see the pages of their environment besides. All
 * that a page shows or does goes through the runtime's public API with the visitor's own rights.
 * Who somebody is the host says: {@link dev.connectorsdk.examples.console.Visitors}.
 *
 * <p>Pages are made on the server and work without a script. For those who add one:
 *
 * <ul>
 *   <li><b>A page</b> is a handler in a class {@code SomethingPages implements Pages}, which {@code
 *       Console} lists. It is added to {@code Routes}: {@code get} and {@code post} for everybody,
 *       {@code administratorsGet} and {@code administratorsPost} for administrators. A handler is
 *       called when host, session and, for forms, the token have been checked, and returns an
 *       {@code Answer}. A {@code ConnectorException} that it throws becomes a page that says it.
 *   <li><b>The navigation</b> lists the {@code Section}s.
 *   <li><b>HTML</b> is made of j2html's elements, whose texts and attributes are escaped; {@code
 *       rawHtml}, inline styles and inline scripts are not used, and the policy of the pages
 *       refuses the latter two. {@code Html}, {@code Table} and {@code Field} have what recurs.
 *       Links are made by {@code visit.to("connections", id)}, which encodes each part.
 *   <li><b>Forms</b> are made by {@code Html.post} or {@code Html.action}, which put the token in.
 *       What changes something is a {@code post}, and ends with {@code Answer.seeOther} and a
 *       {@code Notice}. What does not fit is shown on the form's own page again: {@code
 *       Field.fault}, and {@code Field.summary} on top, status 422. What deletes a connection or
 *       hands it over, what gives others a right, what deletes a policy, changes one thing in it or
 *       adopts its candidate, what run-only users of a flow get, and what drops a parked event, is
 *       previewed on a page of its own. A form has 1 MiB, one with a data policy 10 ({@code
 *       administratorsPostPolicy}).
 *   <li><b>Texts of the runtime</b> hold what services and users wrote, so they are shown as they
 *       are: no page looks in them for people or states. People go through {@code visit.name} where
 *       a page has the {@code Principal}, states through {@code Wording}.
 *   <li><b>Lists</b> are a {@code Table} with {@code Html.paging} below: {@code after} in the query
 *       is where the next page begins.
 *   <li><b>Ids with other characters</b> than a path takes, such as an operation's, go into the
 *       query.
 *   <li><b>Never shown</b>: a secret, in page, address or log; the id of somebody else's connection
 *       where the runtime does not tell it.
 * </ul>
 */
@NullMarked
package dev.connectorsdk.examples.console;

import org.jspecify.annotations.NullMarked;
