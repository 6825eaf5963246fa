package dev.connectorsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConsoleDemoTest {

  private static ConsoleDemo demo;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    demo = ConsoleDemo.start(0);
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  private HttpResponse<String> open(URI uri, String cookie) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri).header("Cookie", cookie).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aLinkSignsInOnceAndItsCookieStaysHere() throws Exception {
    URI link = demo.links().get("Ada");

    HttpResponse<String> entered = open(link, "");

    assertThat(entered.headers().firstValue("refresh")).hasValue("0; url=/console");
    String cookie = entered.headers().firstValue("set-cookie").orElseThrow();
    assertThat(cookie)
        .contains("HttpOnly", "SameSite=Strict", "Path=/console")
        .doesNotContain(link.getPath().substring("/enter/".length()));
    assertThat(open(link, "").statusCode()).isEqualTo(410);
    assertThat(open(demo.address(), "").statusCode()).isEqualTo(401);
    assertThat(open(demo.address(), cookie.split(";", 2)[0]).body()).contains("Ada");
  }

  @Test
  void everyPersonHasALinkAndRootAdministers() throws Exception {
    Map<String, URI> links = demo.links();

    assertThat(links).containsOnlyKeys("Ada", "Ben", "Cleo", "Root");
    String root = open(links.get("Root"), "").headers().firstValue("set-cookie").orElseThrow();
    assertThat(open(demo.address(), root.split(";", 2)[0]).body()).contains("Administrator");
  }

  @Test
  void onlyThisMachineReachesIt() {
    assertThat(demo.address().getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void hasConnectionsThatWorkAndOneThatDoesNot() throws Exception {
    String ada = open(demo.links().get("Ada"), "").headers().firstValue("set-cookie").orElseThrow();
    URI connections = URI.create(demo.address() + "/connections");

    assertThat(open(connections, ada.split(";", 2)[0]).body())
        .contains("Team desk", "The house", "Connected", "My desk", "Cannot sign in")
        .doesNotContain("Ben's desk", DemoService.API_KEY, DemoService.ROOMS_KEY);
  }
}
