/**
 * Actions as tools of agents by the Model Context Protocol (MCP), and the tools of MCP servers as
 * actions.
 *
 * <p>{@link dev.connectorsdk.examples.mcp.Tools} is a set of tools and knows nothing of the
 * protocol. {@link dev.connectorsdk.examples.mcp.ToolServer} serves it over stdio, {@link
 * dev.connectorsdk.examples.mcp.ToolServlet} over streamable HTTP. {@link
 * dev.connectorsdk.examples.mcp.McpConnector} goes the other way.
 */
@NullMarked
package dev.connectorsdk.examples.mcp;

import org.jspecify.annotations.NullMarked;
