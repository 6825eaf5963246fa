package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.internal.connection.CallContext;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.OutgoingRequest;
import dev.connectorsdk.internal.definition.request.Parameter;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import dev.connectorsdk.internal.http.Stage;
import dev.connectorsdk.internal.http.WireRequest;
import dev.connectorsdk.internal.http.WireResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs the policies of an operation, and its script, on each attempt of a request: policies on the
 * authenticated request in their order, then the script or the service, then policies on the
 * answer. Belongs to one call.
 */
public final class PolicyStage implements Stage {

  private final OperationPolicies policies;
  private final DeclaredRequest declared;
  private final OutgoingRequest request;
  private final String serviceUrl;
  private final CallContext context;
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
      CallContext context) {
    this.policies = policies;
    this.declared = declared;
    this.request = request;
    this.serviceUrl = serviceUrl;
    this.context = context;
  }

  /** Sends the next requests to a URL that an answer has named, if it is on the same origin. */
  public void follow(HttpUrl link) {
    followed = link;
  }

  @Override
  public WireResponse exchange(WireRequest authenticated, Line line) {
    PolicyRun run =
        new PolicyRun(
            declared.operation(),
            new CallValues(),
            line,
            followed == null ? authenticated : original(authenticated),
            serviceUrl,
            request.path(),
            request.queryNames());
    for (Policy.Step step : policies.request()) {
      WireResponse end = step.apply(run, policies.additions().hosts());
      if (end != null) {
        return end;
      }
    }
    WireResponse answer = send(run, line);
    run.turnTo(answer);
    if (!answer.isSuccess()) {
      policies.failure().forEach(step -> step.apply(run, policies.additions().hosts()));
    }
    policies.response().forEach(step -> step.apply(run, policies.additions().hosts()));
    return run.answer(answer.status());
  }

  /** The policies of a further page see what they saw of the first. */
  private WireRequest original(WireRequest authenticated) {
    HttpUrl first = HttpUrl.parse(serviceUrl + request.target());
    return new WireRequest(
        authenticated.method(),
        first == null ? authenticated.url() : first,
        authenticated.headers(),
        null);
  }

  private WireResponse send(PolicyRun run, Line line) {
    WireRequest last = run.request();
    HttpUrl link = followed;
    boolean vouched = run.isVouched();
    if (link != null) {
      vouched = vouched && isSameOrigin(last.url(), link);
      last = run.follow(link);
    }
    Script script = policies.script();
    return script == null || link != null
        ? line.send(last, vouched)
        : new Running(last, vouched, line).run(script);
  }

  private static boolean isSameOrigin(HttpUrl one, HttpUrl other) {
    return one.scheme().equals(other.scheme())
        && one.host().equals(other.host())
        && one.port() == other.port();
  }

  /** One run of a script. */
  private final class Running implements ScriptCall {

    private final WireRequest request;
    private final boolean vouched;
    private final Line line;

    Running(WireRequest request, boolean vouched, Line line) {
      this.request = request;
      this.vouched = vouched;
      this.line = line;
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
        throw new dev.connectorsdk.api.error.CallCancelledException(
            "The script of operation '" + declared.operation() + "'");
      } catch (Exception e) {
        throw new ActionFailedException(
            "The script of operation '"
                + declared.operation()
                + "' failed with "
                + e.getClass().getName());
      }
    }

    @Override
    public String operation() {
      return declared.operation();
    }

    @Override
    public WireRequest request() {
      return request;
    }

    @Override
    public WireResponse send(WireRequest other) {
      return line.send(other, vouched && isSameOrigin(request.url(), other.url()));
    }
  }

  private final class CallValues implements PolicyRun.Values {

    @Override
    public @Nullable String connectionParameter(String name) {
      return context.parameter(name);
    }

    @Override
    public @Nullable String environmentVariable(String name) {
      return policies.additions().environmentVariables().get(name);
    }

    @Override
    public @Nullable String pathParameter(String name) {
      return request.pathValue(name);
    }

    @Override
    public boolean isCallers(ParameterPlace in, String name, String value) {
      for (Parameter parameter : declared.parameters()) {
        if (parameter.in() == in && parameter.name().equalsIgnoreCase(name)) {
          return !isOffered(parameter, value);
        }
      }
      return in != ParameterPlace.HEADER;
    }

    /** What the definition offers is its author's choice. */
    private static boolean isOffered(Parameter parameter, String value) {
      JsonNode declared = parameter.declaredDefault();
      if (declared != null && value.equals(Scalars.text(declared))) {
        return true;
      }
      for (JsonNode choice : parameter.node().path("enum")) {
        if (value.equals(Scalars.text(choice))) {
          return true;
        }
      }
      return false;
    }
  }
}
