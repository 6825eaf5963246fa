package dev.connectorsdk.examples.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a test knows of a browser: it sends its session, and the token of the page that it is on.
 */
final class ConsoleBrowser {

  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]*)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI address;
  private final String session;

  ConsoleBrowser(URI address, String session) {
    this.address = address;
    this.session = session;
  }

  /** Opens a page below the console's path. */
  HttpResponse<String> open(String path) {
    return send(request(path).GET());
  }

  /** Opens a page, fills in the form on it, and sends that to {@code target}. */
  HttpResponse<String> submit(String page, String target, Map<String, String> fields) {
    Matcher token = TOKEN.matcher(open(page).body());
    assertThat(token.find()).as("a form on %s", page).isTrue();
    Map<String, String> all = new TreeMap<>(fields);
    all.put(FormToken.FIELD, token.group(1));
    return post(target, all);
  }

  /** Sends a form as it is. */
  HttpResponse<String> post(String path, Map<String, String> fields) {
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(fields))));
  }

  /** Returns a request of this session, to be changed. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            path.startsWith("/") ? address.resolve(path) : URI.create(address + path(path)))
        .header("Cookie", "session=" + session);
  }

  private static String path(String path) {
    return path.isEmpty() || path.startsWith("?") ? path : "/" + path;
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
