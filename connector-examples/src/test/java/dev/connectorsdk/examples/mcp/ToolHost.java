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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletHolder;

/** Tools in a web server on this machine. */
final class ToolHost implements AutoCloseable {

  private static final Filter PASSING =
      (request, response, chain) -> chain.doFilter(request, response);

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
    return start(address, List.of(ToolServlet.of(tools, address, tokens, origins)), PASSING);
  }

  /** Starts a host of several sets of tools: at the address with a number each, from 0. */
  static ToolHost start(URI address, List<? extends ToolSet> tools, AccessTokens tokens) {
    List<ToolServlet> servlets = new ArrayList<>();
    for (ToolSet set : tools) {
      URI own = URI.create(address + "/" + servlets.size());
      servlets.add(ToolServlet.of(set, own, tokens));
    }
    return start(address, servlets, PASSING);
  }

  /** Starts a host whose clients are all one person, for those that send no token. */
  static ToolHost withoutTokens(URI address, ToolSet tools, Principal person) {
    return start(
        address,
        List.of(ToolServlet.of(tools, address, new NamedTokens())),
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

  /** Starts a host with a filter before its servlets. */
  static ToolHost start(URI address, List<ToolServlet> servlets, Filter filter) {
    Javalin server =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.startupWatcherEnabled = false;
              config.jetty.modifyServletContextHandler(
                  handler -> {
                    FilterHolder first = new FilterHolder(filter);
                    first.setAsyncSupported(true);
                    handler.addFilter(first, "/*", EnumSet.of(DispatcherType.REQUEST));
                    for (ToolServlet servlet : servlets) {
                      ServletHolder holder = new ServletHolder(servlet);
                      holder.setAsyncSupported(true);
                      handler.addServlet(holder, servlet.path());
                      handler.addServlet(holder, servlet.metadataPath());
                    }
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
