package dev.connectorsdk.benchmark;

import dev.connectorsdk.benchmark.ConsoleAtSize.Size;
import dev.connectorsdk.governance.DataPolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;

/**
 * How long each page of the web console takes with 100,000 connections and 10,000 flows, next to
 * 100 of each, over loopback HTTP: {@code memory}, {@code h2} or {@code postgres}, where each user
 * owns one of each, or with {@code owner} one user all of them. A part of a page's name chooses
 * pages.
 *
 * <p>Goal: no page takes more than 3 times as long.
 */
public final class ConsolePages {

  private static final int ROUNDS = 15;
  private static final Set<String> KINDS = Set.of("memory", "h2", "postgres", "owner");
  private static final long LONGEST = 3_000_000_000L;
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]*)\"");
  private static final String BLOCKING =
      DataPolicy.named("tried").blocked("tickets").build().toJson();

  private static final List<Page> PAGES =
      Stream.of(
              of(
                  "root",
                  "",
                  "/flows",
                  "/flows?after=flow-50",
                  "/flows?search=flow-9",
                  "/flows/flow-0",
                  "/administration/connections",
                  "/administration/connections?owner=user:user-0",
                  "/administration/connections?connector=tickets",
                  "/administration/connections?state=ERROR",
                  "/administration/connections?state=CONNECTED",
                  "/administration/connections?state=UNAUTHENTICATED",
                  "/administration/connections/{id}",
                  "/administration/connections/{id}/hand-over",
                  "/administration/connections/{id}/delete",
                  "/administration/triggers",
                  "/administration/triggers?search=flow-50",
                  "/administration/policies",
                  "/administration/policies/edit",
                  "/administration/policies/edit?name=house",
                  "/administration/policies/delete?name=house",
                  "/administration/policies/explain?flow=flow-0",
                  "/administration/gateways",
                  "/administration/gateways/{gateway}",
                  "/administration/audit",
                  "/administration/audit?connection={id}",
                  "/administration/audit?who=user:user-0",
                  "/administration/audit?flow=flow-0",
                  "/administration/audit?refused=true"),
              Stream.of(
                  new Page(
                      "root",
                      "/administration/policies/edit",
                      "act=what-if/&json=" + URLEncoder.encode(BLOCKING, StandardCharsets.UTF_8))),
              of(
                  "user",
                  "",
                  "/connections",
                  "/connections?search=tickets",
                  "/connections?search=nothing",
                  "/connections/{id}",
                  "/connections/{id}/change",
                  "/connections/{id}/share",
                  "/connections/{id}/delete",
                  "/shared",
                  "/connectors",
                  "/connectors/tickets",
                  "/connectors/tickets/connect?option=apiKey",
                  "/connectors/tickets/try?operation=getTicket",
                  "/connectors/tickets/try?operation=getTicket&connection={id}",
                  "/flows",
                  "/flows?search=flow-9",
                  "/flows/flow-0",
                  "/flows/flow-0/sharing",
                  "/flows/flow-0/connection?reference=desk",
                  "/flows/flow-0/connection?reference=desk&connection={id}",
                  "/flows/flow-0/triggers/{trigger}",
                  "/flows/asks",
                  "/flows/asks/connection?reference=mine"),
              of(
                  "guest",
                  "",
                  "/shared",
                  "/connections",
                  "/flows",
                  "/flows/guests",
                  "/flows/guests/connection?reference=desk",
                  "/connectors/tickets",
                  "/connectors/tickets/try?operation=getTicket"))
          .flatMap(some -> some)
          .toList();

  private final HttpClient client = HttpClient.newHttpClient();

  private final List<Page> pages;

  private ConsolePages(List<Page> pages) {
    this.pages = pages;
  }

  /**
   * A page as somebody sees it.
   *
   * @param form what is sent to it, besides the token of the form there; {@code null} to open it
   */
  private record Page(String who, String path, @Nullable String form) {

    @Override
    public String toString() {
      return who + " " + path + (form == null ? "" : ", what if");
    }
  }

  /** How long a page takes with few and with many, in milliseconds. */
  private record Times(Page page, double few, double many) {

    double ratio() {
      return many / few;
    }
  }

  private static Stream<Page> of(String who, String... paths) {
    return Stream.of(paths).map(path -> new Page(who, path, null));
  }

  /** Measures. */
  public static void main(String[] args) throws Exception {
    List<String> wanted = List.of(args);
    boolean ofOne = wanted.contains("owner");
    Size few = new Size(100, 100, 100, ofOne);
    Size many = new Size(100_000, 10_000, 1_000, ofOne);
    List<String> parts = wanted.stream().filter(one -> !KINDS.contains(one)).toList();
    ConsolePages measured =
        new ConsolePages(
            PAGES.stream()
                .filter(page -> parts.stream().allMatch(page.toString()::contains))
                .toList());
    if (wanted.contains("postgres")) {
      try (DurablePostgres one = DurablePostgres.start(10);
          DurablePostgres other = DurablePostgres.start(10)) {
        measured.compare(ConsoleAtSize.in(one.pool(), few), ConsoleAtSize.in(other.pool(), many));
      }
    } else if (wanted.contains("memory")) {
      measured.compare(ConsoleAtSize.inMemory(few), ConsoleAtSize.inMemory(many));
    } else {
      measured.compare(
          ConsoleAtSize.in(JdbcConnectionPool.create("jdbc:h2:mem:few", "sa", ""), few),
          ConsoleAtSize.in(JdbcConnectionPool.create("jdbc:h2:mem:many", "sa", ""), many));
    }
  }

  private void compare(ConsoleAtSize few, ConsoleAtSize many) throws Exception {
    List<Times> all = new ArrayList<>();
    try (few;
        many) {
      for (Page page : pages) {
        all.add(times(page, few, many));
      }
    }
    all.sort(Comparator.comparing(Times::ratio).reversed());
    for (Times one : all) {
      System.out.printf(
          "%5.2f times, %7.1f ms to %7.1f ms: %s%n",
          one.ratio(), one.few(), one.many(), one.page());
    }
  }

  private Times times(Page page, ConsoleAtSize few, ConsoleAtSize many) throws Exception {
    List<Double> of = new ArrayList<>();
    List<Double> than = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < 2 * ROUNDS && System.nanoTime() - began < LONGEST; i++) {
      of.add(millis(page, few));
      than.add(millis(page, many));
    }
    return new Times(page, median(of), median(than));
  }

  /** Of the later half. */
  private static double median(List<Double> times) {
    double[] measured =
        times.stream().skip(times.size() / 2).mapToDouble(one -> one).sorted().toArray();
    return measured[measured.length / 2];
  }

  private double millis(Page page, ConsoleAtSize console) throws Exception {
    URI uri = console.page(page.path());
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Cookie", page.who());
    if (page.form() != null) {
      Matcher token = TOKEN.matcher(send(request.GET().build()));
      token.find();
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(BodyPublishers.ofString("form_token=" + token.group(1) + "&" + page.form()));
    }
    HttpRequest measured = request.build();
    long began = System.nanoTime();
    send(measured);
    return (System.nanoTime() - began) / 1e6;
  }

  private String send(HttpRequest request) throws Exception {
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          request.uri() + " was answered with " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }
}
