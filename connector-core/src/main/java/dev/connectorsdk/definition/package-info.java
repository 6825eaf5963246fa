/**
 * Connectors written as data: {@code apiDefinition.swagger.json} with {@code apiProperties.json},
 * as published for Microsoft Power Platform, unmodified.
 *
 * <pre>{@code
 * Definition tickets = Definition.load(Path.of("connectors/tickets"));
 * tickets.report().operations().forEach(System.out::println);
 * Connector connector = tickets.connector();   // register it with a runtime like any other
 * }</pre>
 *
 * <p>Each operation of the definition is an action whose input is a JSON object with one member per
 * parameter; the body stands under the name of its parameter. Members of the body may also be given
 * one by one as flow definitions do, {@code "body/address/city"}. Constants and the defaults of
 * required parameters are added, read-only properties left out. A file is {@code {"$content-type":
 * ..., "$content": <base64>}}, in both directions. The output is {@code {"statusCode", "headers",
 * "body"}}; an answer other than 2xx is a {@link dev.connectorsdk.api.error.ServiceException}.
 *
 * <p>What cannot run says so. Operations under a policy or with a script, and triggers, are listed
 * in the {@link dev.connectorsdk.definition.DefinitionReport} with the reason; those that are not
 * triggers are also actions, which throw {@link
 * dev.connectorsdk.api.error.OperationUnsupportedException} and send nothing. A sign-in that cannot
 * be done is offered as an option that takes an access token.
 *
 * <p>Loading reads the two files and nothing else: a reference to anywhere outside the document is
 * refused. From a definition come paths, parameters and schemas; hosts, time limits and credentials
 * remain the runtime's business.
 */
@NullMarked
package dev.connectorsdk.definition;

import org.jspecify.annotations.NullMarked;
