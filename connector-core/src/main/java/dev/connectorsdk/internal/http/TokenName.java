package dev.connectorsdk.internal.http;

import java.util.Objects;

/** Which of a connection's tokens a request wants; travels with the request. */
record TokenName(String name) {

  TokenName {
    Objects.requireNonNull(name, "name");
  }
}
