package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person who follows each link as soon as it is printed, and comes back with a code. */
final class FakeBrowser {

  private static final Pattern REDIRECT = Pattern.compile("[?&]redirect_uri=([^&]*)");
  private static final Pattern STATE = Pattern.compile("[?&]state=([^&]*)");

  private FakeBrowser() {}

  static PrintStream reading(ByteArrayOutputStream seen, String code) {
    return new PrintStream(seen, true, UTF_8) {
      @Override
      public void println(Object line) {
        super.println(line);
        new Thread(() -> comeBack(String.valueOf(line), code)).start();
      }
    };
  }

  private static void comeBack(String link, String code) {
    Matcher redirect = REDIRECT.matcher(link);
    Matcher state = STATE.matcher(link);
    if (redirect.find() && state.find()) {
      String callback = URLDecoder.decode(redirect.group(1), UTF_8);
      URI uri = URI.create(callback + "?code=" + code + "&state=" + state.group(1));
      try (InputStream page = uri.toURL().openStream()) {
        page.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
