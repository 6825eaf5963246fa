package dev.connectorsdk.internal.http;

import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A request without its credential: what each attempt begins with, so that nothing that one adds is
 * in the next. A request that is sent at once is made a single time, credential included. Belongs
 * to one call.
 */
final class Draft {

  /** A header that is set, or removed if it has no value. */
  private record Change(String name, @Nullable String value) {}

  private final Request usual;
  private final String method;
  private final UrlDraft url;
  private final @Nullable RequestBody body;
  private final List<Change> changes;
  private final @Nullable TokenName token;
  private final boolean elsewhere;
  private final boolean isUsual;
  private @Nullable Request made;

  private Draft(Builder from, String method, UrlDraft url, @Nullable RequestBody body) {
    this.usual = from.usual;
    this.method = method;
    this.url = url;
    this.body = body;
    this.changes = from.changes;
    this.token = from.token;
    this.elsewhere = from.elsewhere;
    this.isUsual = from.isUsual && changes.isEmpty() && token == null && !elsewhere;
  }

  /** Returns a draft of a whole request. */
  static Draft of(Request request) {
    return Builder.like(request)
        .build(request.method(), UrlDraft.of(request.url()), request.body());
  }

  String method() {
    return method;
  }

  HttpUrl url() {
    return url.url();
  }

  /** Returns whether nobody has asked for the URL yet; no base URL has a user in it. */
  boolean isUrlAsTargeted() {
    return url.isAsTargeted();
  }

  @Nullable RequestBody body() {
    return body;
  }

  /** Returns whether it goes to where the credential does not go. */
  boolean isElsewhere() {
    return elsewhere;
  }

  /** Returns the name of the token that it needs, or {@code null} for the usual one. */
  @Nullable TokenName token() {
    return token;
  }

  /** Returns a request to add a credential to, whose URL is still to be set. */
  Request.Builder begin() {
    Request.Builder request = usual.newBuilder().method(method, body);
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (change.value() == null) {
        request.removeHeader(change.name());
      } else {
        request.header(change.name(), change.value());
      }
    }
    if (token != null) {
      request.tag(TokenName.class, token);
    }
    return elsewhere ? Redirects.marked(request, true) : request;
  }

  /**
   * Returns a request to add more of a credential to, whose URL is still to be set.
   *
   * @param endpoint knows usual requests with the credential that it had last
   * @throws IllegalArgumentException if the header cannot be sent
   */
  Request.Builder begin(@Nullable Endpoint endpoint, String name, String value) {
    return isUsual && endpoint != null
        ? endpoint.withHeader(usual, name, value).newBuilder().method(method, body)
        : begin().header(name, value);
  }

  /** Returns the request as it is without a credential. */
  Request request() {
    Request known = made;
    if (known == null) {
      known = begin().url(url()).build();
      made = known;
    }
    return known;
  }

  /**
   * Returns a request as it leaves.
   *
   * @param signed made of this
   */
  WireRequest onTheWire(Request signed) {
    return WireRequest.of(signed, url.isAsTargeted() ? url : UrlDraft.of(signed.url()));
  }

  /** Returns the same with further headers. */
  Draft with(Headers further) {
    Request.Builder more = request().newBuilder();
    further.forEach(header -> more.header(header.getFirst(), header.getSecond()));
    return of(more.build());
  }

  /** What is known of a request before its URL and body are. */
  static final class Builder {

    private final Request usual;
    private final boolean isUsual;
    private List<Change> changes = List.of();
    private @Nullable TokenName token;
    private boolean elsewhere;

    private Builder(Request usual, boolean isUsual) {
      this.usual = usual;
      this.isUsual = isUsual;
    }

    /**
     * Begins a request.
     *
     * @param usual has the headers that all requests have unless they are changed
     */
    Builder(Request usual) {
      this(usual, true);
    }

    /** Begins a request with the headers of another, that goes where that does. */
    static Builder like(Request request) {
      Builder like = new Builder(request, false);
      like.token = request.tag(TokenName.class);
      like.elsewhere = Redirects.isElsewhere(request);
      return like;
    }

    /** Returns whether the request has a header already, in these very words. */
    boolean isAsUsual(String name, String value) {
      Headers headers = usual.headers();
      for (int i = 0; changes.isEmpty() && i < headers.size(); i++) {
        if (headers.name(i).equals(name)) {
          return headers.value(i).equals(value);
        }
      }
      return false;
    }

    void header(String name, @Nullable String value) {
      if (changes.isEmpty()) {
        changes = new ArrayList<>(4);
      }
      changes.add(new Change(name, value));
    }

    void token(TokenName token) {
      this.token = token;
    }

    void elsewhere() {
      elsewhere = true;
    }

    Draft build(String method, UrlDraft url, @Nullable RequestBody body) {
      return new Draft(this, method, url, body);
    }
  }
}
