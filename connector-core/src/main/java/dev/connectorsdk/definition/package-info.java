/**
 * Connectors that are data: {@code apiDefinition.swagger.json} with {@code apiProperties.json}, as
 * published for Microsoft Power Platform, unmodified.
 *
 * <pre>{@code
 * Definition tickets = Definition.load(Path.of("connectors/tickets"));
 * tickets.report().operations().forEach(System.out::println);
 * Connector connector = tickets.connector();   // register it with a runtime like any other
 * }</pre>
 *
 * <p>Each operation of the definition is an action whose input is a JSON object with one member per
 * parameter; the body has the name of its parameter. Members of the body may also be given one by
 * one, as in flow definitions: {@code "body/address/city"}. Constants and the defaults of required
 * parameters are added, read-only properties are left out. The default of an object whose members
 * are asked for is an example and is never sent. A file is {@code {"$content-type": ...,
 * "$content": <base64>}}, in both directions. The output is {@code {"statusCode", "headers",
 * "body"}}. An answer other than 2xx is a {@link dev.connectorsdk.api.error.ServiceException}.
 *
 * <p>An input's schema has the types, choices, limits and patterns that the definition declares.
 * The declared type comes first, followed by the types that can be converted to it. {@code
 * "x-limits": "advisory"} at the root says that no input is refused for its choices, limits and
 * patterns. {@link dev.connectorsdk.definition.LoadOptions#strict} enforces them, and the types.
 *
 * <p>An operation that is not supported, for example because it has a script of which there is no
 * port, is listed in the {@link dev.connectorsdk.definition.DefinitionReport} with the reason. It
 * throws {@link dev.connectorsdk.api.error.OperationUnsupportedException} when it is used, and
 * sends nothing. A sign-in that is not supported becomes an option that takes an access token.
 * Where a definition requires an on-premises gateway, its connections, or those that are made with
 * the parameter set that requires it, have to lead through one.
 *
 * <h2>Signing in</h2>
 *
 * <table>
 *   <caption>The auth options of a definition</caption>
 *   <tr><th>the definition says</th><th>the option is</th></tr>
 *   <tr><td>no security</td><td>none</td></tr>
 *   <tr><td>{@code basic}, or parameters {@code username} and {@code password} that nothing else
 *       uses; {@code apiKey}</td><td>name and password; keys in headers or the query</td></tr>
 *   <tr><td>{@code oauth2}, {@code oauth2generic}, a provider by its name</td><td>authorization
 *       code; the client in the body, and once more in the header if that is refused, or as the
 *       templates say</td></tr>
 *   <tr><td>{@code aad} and its kin</td><td>the same at Entra ID: version 1 for a resource,
 *       version 2 for scopes, to which {@code offline_access} is added</td></tr>
 *   <tr><td>{@code grantType} at Entra ID</td><td>client credentials, beside the sign-in or in its
 *       place</td></tr>
 *   <tr><td>{@code enableOnbehalfOfLogin}</td><td>on behalf of the host's user</td></tr>
 * </table>
 *
 * <p>Definitions do not know PKCE. It is off unless the host's registration has {@code withPkce()};
 * the report lists that among the weaknesses of an option. If a service answers 401 to a key, to a
 * name and password, or to a token that nothing renews, the call ends as with any connector, with
 * an {@code AuthenticationException}; the request is not repeated, and the connection's test
 * decides about its status. Not included: a second sign-in of one connection, and an API key beside
 * a sign-in.
 *
 * <h2>Policies, hosts and scripts</h2>
 *
 * <p>All policy templates run, in the order of the file, on each attempt of a request after it was
 * authenticated, and on its answer. A host that a policy makes from the definition's text and the
 * connection's parameters belongs to the connection: its credential goes there, over https unless
 * the definition itself says http or the host is this machine. A host that the input of a call
 * influences is refused with a {@link dev.connectorsdk.api.error.HostNotAllowedException} before
 * anything is sent, unless it is below a domain that the template names, among the choices or the
 * default of the parameter, an origin of the connection, or allowed by {@link
 * dev.connectorsdk.definition.LoadOptions#allowingHost}. The report names such operations ({@link
 * dev.connectorsdk.definition.DefinitionReport.Operation#hostOfCaller}). What a policy makes of the
 * input, in a header or the query, is input as well. Scripts run only as {@linkplain
 * dev.connectorsdk.definition.ScriptPort ports}.
 *
 * <p>By some headers, servers take a request for another one: {@code X-HTTP-Method-Override},
 * {@code X-Original-URL}, {@code X-Forwarded-Host}, {@code X-Real-IP} and their like. A policy may
 * set them to text of the definition or to connection parameters. From the input it may not, and an
 * input with such a name is refused.
 *
 * <p>An answer 202 with a Location is followed until the work is done, unless the operation has
 * {@code chunkTransfer} or an overlay says otherwise. Next links of pageable operations are
 * followed on request; the items of a page are in the member that {@code x-ms-pageable} names
 * ({@code itemName}), else in the only list that the schema declares, else in {@code value}, else
 * in the only list of the page. Both stay on the connection's hosts. {@link
 * dev.connectorsdk.invocation.CallOptions} changes that for one call.
 *
 * <p>Not included: environment variables in host and base path, and rewriting next links ({@code
 * updatenextlink} leaves them as they are).
 *
 * <h2>Forms</h2>
 *
 * <p>{@link dev.connectorsdk.invocation.Forms} returns what a person may choose for an input
 * ({@code x-ms-dynamic-values}, {@code x-ms-dynamic-list}, {@code x-ms-dynamic-tree}, {@code
 * file-picker}, {@code enum}), and the schemas of inputs and outputs that only the service knows
 * ({@code x-ms-dynamic-schema}, {@code x-ms-dynamic-properties}). In a schema, {@code "x-choices":
 * "list"} or {@code "tree"} marks an input with choices.
 *
 * <h2>Triggers</h2>
 *
 * <p>Operations with {@code x-ms-trigger} are triggers of the connector. A {@linkplain
 * dev.connectorsdk.api.WebhookTrigger webhook} puts the callback URL where {@code
 * x-ms-notification-url} is, and its registration is the Location of the answer, which is removed
 * through the DELETE operation whose path it has. What the service sends is JSON, the fields of a
 * form, text, or a file. A {@linkplain dev.connectorsdk.api.PollingTrigger polling trigger} either
 * compares lists, as its policy says, or asks where and when the service wants to be asked next
 * (202, Location, Retry-After). An event is the body that the service sends, or each item of the
 * list in it if the trigger is a batch. An item of a list is new if the last answer with items did
 * not hold it, all its pages included; where lists are compared, a subscription can also begin with
 * all that is in the list ({@link dev.connectorsdk.api.PollingTrigger.Start.All}), after which no
 * item is known from before. When the configuration changes, the cursor is lost.
 *
 * <p>Definitions know no signatures: the deliveries of a webhook are protected by its URL alone, as
 * the report says, unless the host declares how they are signed, with {@link
 * dev.connectorsdk.definition.LoadOptions#signature} or one of its neighbours.
 *
 * <p>Each delivery of a webhook without a declared signature is an event of its own, even if its
 * body is that of an earlier one: definitions have no means to tell repetitions.
 *
 * <p>Not included: removing a registration whose answer had no Location.
 *
 * <h2>Corrections</h2>
 *
 * <p>An {@link dev.connectorsdk.definition.Overlay} lets a host correct texts, effects, the base
 * URL, the test, defaults and visibility, and disable operations, without editing the files. The
 * effect of an operation follows from the HTTP method that is sent: a POST that only searches is a
 * write until an overlay says otherwise. An operation that people have to confirm is never a READ.
 *
 * <p>{@link dev.connectorsdk.definition.Definitions} are registered while a runtime runs.
 *
 * <p>Loading reads the two files and nothing else. A reference to anything outside the document is
 * refused.
 */
@NullMarked
package dev.connectorsdk.definition;

import org.jspecify.annotations.NullMarked;
