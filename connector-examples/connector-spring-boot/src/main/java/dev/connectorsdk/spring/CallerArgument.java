package dev.connectorsdk.spring;

import dev.connectorsdk.api.Caller;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.server.ResponseStatusException;

/** Gives a controller's method the same caller as a sign-in of the same request. */
final class CallerArgument implements HandlerMethodArgumentResolver {

  private final CallerResolver callers;

  CallerArgument(CallerResolver callers) {
    this.callers = callers;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Caller.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer model,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    HttpServletRequest sent = request.getNativeRequest(HttpServletRequest.class);
    if (sent == null) {
      throw new IllegalStateException("A Caller is known in requests to servlets alone");
    }
    return callers
        .callerOf(sent)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.UNAUTHORIZED, "Log in first."));
  }
}
