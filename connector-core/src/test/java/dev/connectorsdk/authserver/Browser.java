package dev.connectorsdk.authserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A browser without a screen: it keeps cookies, follows redirects and fills in forms. */
final class Browser implements AutoCloseable {

  private static final int MOST_REDIRECTS = 20;
  private static final Pattern FORM = Pattern.compile("(?s)<form\\b([^>]*)>(.*?)</form>");
  private static final Pattern FIELD = Pattern.compile("(?s)<(?:input|button)\\b([^>]*)>");
  private static final Pattern LINK = Pattern.compile("<a\\b[^>]*href=\"([^\"]*)\"");

  private final OkHttpClient http =
      new OkHttpClient.Builder()
          .followRedirects(false)
          .readTimeout(Duration.ofMinutes(1))
          .cookieJar(new Cookies())
          .build();
  private HttpUrl address = HttpUrl.get("http://localhost/");
  private String page = "";

  private static final class Cookies implements CookieJar {

    private final List<Cookie> cookies = new CopyOnWriteArrayList<>();

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> received) {
      for (Cookie cookie : received) {
        cookies.removeIf(
            old -> old.name().equals(cookie.name()) && old.path().equals(cookie.path()));
        cookies.add(cookie);
      }
    }

    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
      // Keycloak's cookies are for https, which browsers do not insist on at 127.0.0.1.
      HttpUrl secure = url.newBuilder().scheme("https").build();
      return cookies.stream().filter(cookie -> cookie.matches(secure)).toList();
    }
  }

  /** Returns what the page that is shown says. */
  String page() {
    return page;
  }

  /**
   * Opens a link, and returns where it ends: at {@code target}, which is not opened, or at the page
   * that is shown now.
   */
  URI open(URI link, URI target) {
    return request(new Request.Builder().url(HttpUrl.get(link)).build(), target);
  }

  /**
   * Fills in the form of the page that has such a field and sends it; see {@link #open}.
   *
   * @param values what a person enters; hidden fields keep what they hold
   */
  URI submit(String field, Map<String, String> values, URI target) {
    Matcher forms = FORM.matcher(page);
    while (forms.find()) {
      Map<String, String> fields = fields(forms.group(2), field);
      if (fields.containsKey(field)) {
        fields.putAll(values);
        FormBody.Builder body = new FormBody.Builder();
        fields.forEach(body::add);
        String action = text(attribute(forms.group(1), "action"));
        HttpUrl url = action.isEmpty() ? address : address.resolve(action);
        return request(new Request.Builder().url(url).post(body.build()).build(), target);
      }
    }
    throw new AssertionError("No form with '" + field + "' at " + address + ":\n" + page);
  }

  /** Follows the first link whose URL contains {@code part}; see {@link #open}. */
  URI follow(String part, URI target) {
    Matcher links = LINK.matcher(page);
    while (links.find()) {
      String link = text(links.group(1));
      if (link.contains(part)) {
        return request(new Request.Builder().url(address.resolve(link)).build(), target);
      }
    }
    throw new AssertionError("No link to '" + part + "' at " + address + ":\n" + page);
  }

  private URI request(Request first, URI target) {
    Request request = first;
    for (int i = 0; i < MOST_REDIRECTS; i++) {
      try (Response response = http.newCall(request).execute()) {
        address = request.url();
        page = response.body().string();
        String location = response.header("Location");
        if (location == null) {
          return address.uri();
        }
        if (location.startsWith(target.toString())) {
          return URI.create(location);
        }
        request = new Request.Builder().url(address.resolve(location)).build();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new AssertionError("Too many redirects, the last to " + request.url());
  }

  /** Of several buttons the wanted one is pressed. */
  private static Map<String, String> fields(String form, String wanted) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher matcher = FIELD.matcher(form);
    while (matcher.find()) {
      String name = attribute(matcher.group(1), "name");
      boolean isButton = attribute(matcher.group(1), "type").equals("submit");
      if (!name.isEmpty() && (!isButton || name.equals(wanted))) {
        fields.put(name, text(attribute(matcher.group(1), "value")));
      }
    }
    return fields;
  }

  private static String attribute(String tag, String name) {
    Matcher matcher = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(tag);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String text(String html) {
    return html.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
  }

  @Override
  public void close() {
    http.connectionPool().evictAll();
    http.dispatcher().executorService().shutdown();
  }
}
