package dev.connectorsdk.examples.demo;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** What a user's browser does in a sign-in: goes where it is sent, and is sent back. */
final class Browser {

  private Browser() {}

  /** Opens a link and returns where the answer redirects to. */
  static URI redirectedFrom(URI link) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) link.toURL().openConnection();
    try {
      connection.setInstanceFollowRedirects(false);
      return URI.create(connection.getHeaderField("Location"));
    } finally {
      connection.disconnect();
    }
  }
}
