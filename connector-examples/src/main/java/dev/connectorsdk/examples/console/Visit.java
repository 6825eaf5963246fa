package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Principal.Kind;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request of a visitor: what a page is made of. */
final class Visit {

  private final Site site;
  private final Context context;
  private final Visitor visitor;
  private final Map<String, List<String>> fields;
  private final Map<Principal, Optional<String>> names = new HashMap<>();

  Visit(Site site, Context context, Visitor visitor, Map<String, List<String>> fields) {
    this.site = site;
    this.context = context;
    this.visitor = visitor;
    this.fields = fields;
  }

  Site site() {
    return site;
  }

  ConnectorRuntime runtime() {
    return site.runtime();
  }

  Visitor visitor() {
    return visitor;
  }

  Caller caller() {
    return visitor.caller();
  }

  /** Returns by what people know somebody, as the host says, and the id. */
  String name(Principal who) {
    return named(who)
        .map(name -> name + " (" + (who.kind() == Kind.USER ? who.id() : who.toString()) + ")")
        .orElseGet(who::toString);
  }

  /** Returns whether the host knows people, and not this one. */
  boolean isUnknown(Principal who) {
    return site.people() != null && isNamed(who) && named(who).isEmpty();
  }

  private static boolean isNamed(Principal who) {
    return who.kind() != Kind.FLOW && who.kind() != Kind.EDITORS;
  }

  private Optional<String> named(Principal who) {
    People people = site.people();
    return people == null || !isNamed(who)
        ? Optional.empty()
        : names.computeIfAbsent(who, people::nameOf);
  }

  /** Returns what the visitor administers, on pages for administrators. */
  Administrator administrator() {
    return visitor.administrator().orElseThrow();
  }

  /** Returns the part of the path that a route calls {@code {name}}. */
  String path(String name) {
    return context.pathParam(name);
  }

  /** Returns a parameter of the query; empty if there is none, or if it is blank. */
  Optional<String> query(String name) {
    return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isBlank());
  }

  /** Returns the query as it arrived, not decoded; empty for none. */
  Optional<String> query() {
    return Optional.ofNullable(context.queryString());
  }

  /** Returns what was entered in a field of the form; empty if nothing was. */
  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name)).map(all -> all.get(0)).filter(t -> !t.isEmpty());
  }

  /** Returns whether a form was sent, from a page of the console, rather than a page opened. */
  boolean isForm() {
    return context.method() == HandlerType.POST;
  }

  /** Returns all that was entered, by field. */
  Map<String, List<String>> fields() {
    return fields;
  }

  /** Returns a link to a page of the console. */
  Link to(String... segments) {
    return Link.below(site.address().path(), segments);
  }

  /** Returns a link to the first page of a section. */
  Link to(Section section) {
    return section.path().isEmpty() ? to() : to(section.path().split("/"));
  }

  /** Returns what the visitor administers in the environment that the pages show. */
  Administrator administratorHere() {
    return administrator().in(caller().environment());
  }

  /** Returns the path of a request; one that began with two slashes would lead to another host. */
  static String path(Context request) {
    return request.req().getRequestURI().replaceFirst("^/+", "/");
  }

  /** Returns a link to this very page, with the query that it has. */
  Link here() {
    Map<String, String> query = new LinkedHashMap<>();
    context.queryParamMap().forEach((name, values) -> query.put(name, values.get(0)));
    query.remove(Notice.PARAMETER);
    return new Link(path(context), query);
  }
}
