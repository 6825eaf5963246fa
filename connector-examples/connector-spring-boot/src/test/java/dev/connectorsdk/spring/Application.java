package dev.connectorsdk.spring;

import dev.connectorsdk.spring.app.TasksApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The small application, started on a free port with a database of its own. */
final class Application implements AutoCloseable {

  static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  /** What to exclude to be without Spring Security. */
  static final String SECURITY =
      Stream.of(
              "SecurityAutoConfiguration",
              "UserDetailsServiceAutoConfiguration",
              "web.servlet.ServletWebSecurityAutoConfiguration",
              "actuate.web.servlet.ManagementWebSecurityAutoConfiguration")
          .map(name -> "org.springframework.boot.security.autoconfigure." + name)
          .collect(Collectors.joining(","));

  private final ConfigurableApplicationContext context;
  private final String url;

  private Application(ConfigurableApplicationContext context, String url) {
    this.context = context;
    this.url = url;
  }

  static Application start(TasksSite site, String... more) throws IOException {
    int port = freePort();
    var context =
        new SpringApplicationBuilder(TasksApplication.class)
            .properties("spring.main.banner-mode=off")
            .run(arguments(site, port, more).toArray(String[]::new));
    return new Application(context, "http://127.0.0.1:" + port);
  }

  static List<String> arguments(TasksSite site, int port, String... more) {
    List<String> all =
        List.of(
            "--server.port=" + port,
            "--server.address=127.0.0.1",
            "--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID(),
            "--spring.datasource.username=sa",
            "--spring.sql.init.mode=always",
            "--spring.flyway.enabled=false",
            "--spring.security.user.name=ada",
            "--spring.security.user.password=secret",
            "--tasks.site=" + site.url(),
            "--connectors.public-url=http://127.0.0.1:" + port,
            "--connectors.keys.current=k1",
            "--connectors.keys.values.k1=" + KEY,
            "--connectors.clients[0].connector=tasks",
            "--connectors.clients[0].id=app",
            "--connectors.clients[0].secret=app-secret");
    Map<String, String> last = new LinkedHashMap<>(); // Spring would join what is there twice.
    Stream.concat(all.stream(), Stream.of(more))
        .forEach(argument -> last.put(argument.substring(0, argument.indexOf('=')), argument));
    return List.copyOf(last.values());
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String url() {
    return url;
  }

  Browser browser() {
    return new Browser(url);
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  @Override
  public void close() {
    context.close();
  }
}
