package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.OutgoingRequest;
import dev.connectorsdk.internal.http.Stage;
import dev.connectorsdk.internal.http.StagedContext;
import dev.connectorsdk.internal.http.WireRequest;
import dev.connectorsdk.internal.http.WireResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Runs the policies of an operation, and its script, on each attempt of a request: policies on the
 * authenticated request in their order, then the script or the service, then policies on the
 * answer. Belongs to one call.
 */
public final class PolicyStage implements Stage {

  private final OperationPolicies policies;
  private final CallValues values;
  private final String serviceUrl;
  private @Nullable HttpUrl followed;

  /**
   * Serves one call.
   *
   * @param serviceUrl the connection's, without a slash at the end
   */
  public PolicyStage(
      OperationPolicies policies,
      DeclaredRequest declared,
      OutgoingRequest request,
      String serviceUrl,
      StagedContext context) {
    this.policies = policies;
    this.values = new CallValues(declared, request, policies.additions(), context);
    this.serviceUrl = serviceUrl;
  }

  /** Sends the next requests to a URL that an answer has named, if it is on the same origin. */
  public void follow(HttpUrl link) {
    followed = link;
  }

  @Override
  public WireResponse exchange(WireRequest authenticated, Chain chain) {
    HttpUrl link = followed;
    RequestMessage request =
        new RequestMessage(
            values,
            chain,
            link == null ? authenticated : original(authenticated, link),
            serviceUrl);
    for (RequestStep step : policies.request()) {
      WireResponse end = step.apply(request);
      if (end != null) {
        return end;
      }
    }
    WireResponse answer = send(request, authenticated, chain);
    if (policies.passesOn(answer)) {
      return answer;
    }
    AnswerMessage message = new AnswerMessage(request, answer);
    if (!answer.isSuccess()) {
      policies.failure().forEach(step -> step.apply(message));
    }
    policies.response().forEach(step -> step.apply(message));
    return message.answer();
  }

  /** The policies of a further page see what they saw of the first, credential included. */
  private WireRequest original(WireRequest authenticated, HttpUrl link) {
    HttpUrl first = HttpUrl.parse(serviceUrl + values.request().target());
    return new WireRequest(
        authenticated.method(),
        first == null ? authenticated.url() : withAdded(first, link, authenticated.url()),
        authenticated.headers(),
        null);
  }

  /** Adds to a URL what authentication has added to the query of another. */
  private static HttpUrl withAdded(HttpUrl url, HttpUrl before, HttpUrl after) {
    List<EncodedQuery.Pair> had = new EncodedQuery(before.encodedQuery()).pairs();
    HttpUrl.Builder complete = url.newBuilder();
    for (EncodedQuery.Pair pair : new EncodedQuery(after.encodedQuery()).pairs()) {
      if (!had.contains(pair)) {
        complete.addEncodedQueryParameter(pair.name(), pair.value());
      }
    }
    return complete.build();
  }

  /**
   * @param authenticated where the request goes if no policy leads it elsewhere
   */
  private WireResponse send(RequestMessage request, WireRequest authenticated, Chain chain) {
    WireRequest last = request.request();
    HttpUrl link = followed;
    if (link != null) {
      return chain.send(
          request.follow(authenticated.url()),
          isSameOrigin(last.url(), link) ? request.trust() : Trust.NONE);
    }
    Script script = policies.script();
    return script == null
        ? chain.send(last, request.trust())
        : new Running(last, request.trust(), chain).run(script);
  }

  private static boolean isSameOrigin(HttpUrl one, HttpUrl other) {
    return new Origin(one.scheme(), one.host(), one.port())
        .is(other.scheme(), other.host(), other.port());
  }

  /** One run of a script. */
  private final class Running implements ScriptCall {

    private final WireRequest request;
    private final Trust trust;
    private final Chain chain;

    Running(WireRequest request, Trust trust, Chain chain) {
      this.request = request;
      this.trust = trust;
      this.chain = chain;
    }

    WireResponse run(Script script) {
      try {
        return script.run(this);
      } catch (ConnectorException known) {
        throw known;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CallCancelledException("The script of operation '" + values.operation() + "'");
      } catch (Exception e) {
        throw new ActionFailedException(
            "The script of operation '"
                + values.operation()
                + "' failed with "
                + e.getClass().getName());
      }
    }

    @Override
    public String operation() {
      return values.operation();
    }

    @Override
    public WireRequest request() {
      return request;
    }

    @Override
    public WireResponse send(WireRequest other) {
      return chain.send(other, isSameOrigin(request.url(), other.url()) ? trust : Trust.NONE);
    }
  }
}
