package dev.connectorsdk.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a browser does at an application: keeps cookies, follows nothing, sends forms. */
final class Browser {

  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final String app;

  Browser(String app) {
    this.app = app;
  }

  /** Logs in at Spring Security's own page. */
  Browser loggedInAs(String user) throws Exception {
    post("/login", Map.of("username", user, "password", "secret", "_csrf", csrf()));
    return this;
  }

  /** Returns the token of a form that the application has shown. */
  String csrf() throws Exception {
    Matcher token = TOKEN.matcher(get("/login").body());
    return token.find() ? token.group(1) : "";
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(app + path)));
  }

  /** Sends a form of the application's own pages. */
  HttpResponse<String> post(String path, Map<String, String> form) throws Exception {
    return post(path, form, "same-origin");
  }

  HttpResponse<String> post(String path, Map<String, String> form, String site) throws Exception {
    return send(
        form(path, form.entrySet().stream().map(Browser::field).collect(Collectors.joining("&")))
            .header("Sec-Fetch-Site", site));
  }

  HttpRequest.Builder form(String path, String encoded) {
    return HttpRequest.newBuilder(URI.create(app + path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(encoded));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
  }

  private static String field(Map.Entry<String, String> field) {
    return field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8);
  }
}
