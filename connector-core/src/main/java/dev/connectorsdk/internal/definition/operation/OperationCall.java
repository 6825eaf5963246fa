package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.definition.policy.PolicyStage;
import dev.connectorsdk.internal.definition.request.OutgoingRequest;
import dev.connectorsdk.internal.http.AnsweredUrl;
import dev.connectorsdk.internal.http.Delivered;
import dev.connectorsdk.internal.http.ReadOnce;
import dev.connectorsdk.internal.http.StagedContext;
import java.time.Duration;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The way of one call to its service, through the operation's policies. Belongs to one call. */
public final class OperationCall {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(20);

  private final Operation operation;
  private final OutgoingRequest request;
  private final StagedContext call;
  private final ConnectorHttp http;
  private final @Nullable PolicyStage stage;
  private @Nullable HttpUrl last;
  private @Nullable FileInfo file;

  OperationCall(Operation operation, OutgoingRequest request, ActionContext context) {
    this.operation = operation;
    this.request = request;
    this.call = PlainContext.of(operation.id(), context);
    ConnectorHttp plain = call.http();
    if (operation.policies().isNothing()) {
      this.stage = null;
      this.http = plain;
    } else {
      this.stage =
          new PolicyStage(
              operation.policies(), operation.request(), request, plain.baseUrl().toString(), call);
      this.http = call.http(stage);
    }
  }

  HttpResponse send() {
    return send(request.on(http));
  }

  private HttpResponse send(HttpCall request) {
    try {
      HttpResponse answer = answer(request);
      HttpUrl answered = AnsweredUrl.of(answer);
      last = answered == null ? last : answered;
      return answer;
    } catch (ServiceException e) {
      follow(e);
      throw e;
    } catch (AuthenticationException e) {
      if (e.getCause() instanceof ServiceException answer) {
        follow(answer);
      }
      throw e;
    }
  }

  private void follow(ServiceException answer) {
    if (operation.policies().refuses(answer.status())) {
      call.credentialsRejected();
    }
  }

  /** What policies look at has to be there as a whole. */
  private HttpResponse answer(HttpCall request) {
    if (!call.hasTarget() || !operation.answer().isFile()) {
      return ReadOnce.send(request);
    }
    Delivered delivered =
        operation.policies().passAnswersOn()
            ? Delivered.of(request, call.target())
            : Delivered.of(request.send(), call.target());
    file = delivered.file();
    return delivered.answer();
  }

  /** Returns what is known of the file that went where the caller wants it, or {@code null}. */
  @Nullable FileInfo file() {
    return file;
  }

  /**
   * Returns where a link leads.
   *
   * @param link absolute, or relative to the URL that answered last
   * @return {@code null} if it is no URL
   */
  @Nullable HttpUrl target(@Nullable String link) {
    HttpUrl base = last == null ? HttpUrl.parse(http.baseUrl() + request.target()) : last;
    return base == null || link == null ? null : base.resolve(link);
  }

  /**
   * Gets what an answer points to, with the same credential and headers.
   *
   * @param link as for {@link #target}
   * @return {@code null} if it is no URL
   */
  @Nullable HttpResponse follow(String link) {
    HttpUrl url = target(link);
    return url == null ? null : get(url);
  }

  private HttpResponse get(HttpUrl url) {
    last = url;
    if (stage != null) {
      stage.follow(url);
    }
    HttpCall next = http.callEncoded("GET", url.toString());
    request.headersOn(next);
    return send(next);
  }

  /** Returns how many items to collect over pages, or 0 for the first page. */
  int items() {
    return call.items();
  }

  /**
   * Sends the request and waits for the result of work that goes on, unless the caller does not
   * wait; returns the last answer if time ends before.
   */
  HttpResponse finished() {
    HttpResponse answer = send();
    HttpUrl place = placeOfResult(answer, null);
    while (place != null && call.pause(answer, BETWEEN_LOOKS)) {
      try {
        answer = get(place);
      } catch (HostNotAllowedException elsewhere) {
        // The work has begun; where it goes on is not for this connection to see.
        return answer;
      }
      place = placeOfResult(answer, place);
    }
    return answer;
  }

  /** Returns where to look next, or {@code null} if nobody waits for more. */
  private @Nullable HttpUrl placeOfResult(HttpResponse answer, @Nullable HttpUrl before) {
    if (answer.status() != 202 || !operation.effects().goesOn() || !call.waits()) {
      return null;
    }
    String location = answer.header("Location");
    return location == null || location.isBlank() ? before : target(location);
  }
}
