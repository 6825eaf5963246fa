package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import io.javalin.Javalin;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpClient.SyncSpec;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletHolder;

/** Tools in a web server on this machine. */
final class ToolHost implements AutoCloseable {

  private final Javalin server;
  private final URI address;

  private ToolHost(Javalin server, URI address) {
    this.server = server;
    this.address = address;
  }

  /** Returns an address at which nothing is served yet. */
  static URI freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/mcp");
    }
  }

  static ToolHost start(URI address, ToolSet tools, AccessTokens tokens, String... origins) {
    return start(
        address,
        tools,
        tokens,
        (request, response, chain) -> chain.doFilter(request, response),
        origins);
  }

  /** Starts a host whose clients are all one person, for those that send no token. */
  static ToolHost withoutTokens(URI address, ToolSet tools, Principal person) {
    return start(
        address,
        tools,
        new NamedTokens(),
        (request, response, chain) ->
            chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                  @Override
                  public String getHeader(String name) {
                    return name.equalsIgnoreCase("Authorization")
                        ? "Bearer " + person.id()
                        : super.getHeader(name);
                  }
                },
                response));
  }

  private static ToolHost start(
      URI address, ToolSet tools, AccessTokens tokens, Filter filter, String... origins) {
    ToolServlet servlet = ToolServlet.of(tools, address, tokens, origins);
    Javalin server =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.startupWatcherEnabled = false;
              config.jetty.modifyServletContextHandler(
                  handler -> {
                    ServletHolder holder = new ServletHolder(servlet);
                    holder.setAsyncSupported(true);
                    FilterHolder first = new FilterHolder(filter);
                    first.setAsyncSupported(true);
                    handler.addFilter(first, "/*", EnumSet.of(DispatcherType.REQUEST));
                    handler.addServlet(holder, address.getPath());
                    handler.addServlet(holder, servlet.metadataPath());
                  });
            });
    server.start("127.0.0.1", address.getPort());
    return new ToolHost(server, address);
  }

  URI address() {
    return address;
  }

  /** Returns a client of the protocol's own SDK that has said hello. */
  McpSyncClient client(String token, UnaryOperator<SyncSpec> settings) {
    var transport =
        HttpClientStreamableHttpTransport.builder(
                address.getScheme() + "://" + address.getAuthority())
            .endpoint(address.getPath())
            .addHttpRequestCustomizer(
                (request, method, uri, body, context) ->
                    request.header("Authorization", "Bearer " + token))
            .build();
    McpSyncClient client =
        settings.apply(McpClient.sync(transport).requestTimeout(Duration.ofSeconds(30))).build();
    client.initialize();
    return client;
  }

  @Override
  public void close() {
    server.stop();
  }
}
