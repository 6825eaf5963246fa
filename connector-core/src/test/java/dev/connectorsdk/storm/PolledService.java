package dev.connectorsdk.storm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A service with several lists of items, which tells a few at each poll and notes what polls should
 * not do. It can hold up a poll of one process.
 */
final class PolledService implements AutoCloseable {

  private static final int PAGE = 3;

  /** A poll that arrived. */
  record Poll(int watched, int after, String node) {}

  private final int items;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Integer, String> underWay = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> furthest = new ConcurrentHashMap<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final Map<Integer, String> last = new ConcurrentHashMap<>();
  private final BlockingQueue<Poll> polls = new LinkedBlockingQueue<>();
  private final Map<String, Set<Integer>> stopped = new ConcurrentHashMap<>();
  private volatile boolean open;
  private volatile @Nullable Hold hold;

  private record Hold(String node, BlockingQueue<Poll> held, CountDownLatch goOn) {}

  /**
   * @param items how many there are in each list
   */
  PolledService(int items) throws IOException {
    this.items = items;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/items", this::answer);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    Map<String, String> query =
        Arrays.stream(exchange.getRequestURI().getQuery().split("&"))
            .map(part -> part.split("=", 2))
            .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    int watched = Integer.parseInt(query.get("watched"));
    int after = Integer.parseInt(query.get("after"));
    Poll poll = new Poll(watched, after, query.get("node"));
    if (isLate(poll)) {
      answer(exchange, page(watched, after));
      return;
    }
    String other = underWay.putIfAbsent(watched, poll.node());
    if (other != null) {
      faults.add(poll + " while " + other + " polls");
    }
    if (furthest.merge(watched, after, Math::max) > after) {
      faults.add(poll + " goes back");
    }
    last.put(watched, poll.node());
    polls.add(poll);
    stay(poll);
    if (other == null) {
      underWay.remove(watched);
    }
    answer(exchange, page(watched, after));
  }

  /** The first poll of each list by a process that was stopped may have begun before that. */
  private boolean isLate(Poll poll) {
    Set<Integer> seen = stopped.get(poll.node());
    return seen != null && seen.add(poll.watched());
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] page = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
  }

  private void stay(Poll poll) {
    Hold now = hold;
    boolean isNearItsEnd = poll.after() + 4 * PAGE > items;
    if (now == null || !now.node().equals(poll.node()) || isNearItsEnd) {
      return;
    }
    now.held().add(poll);
    try {
      now.goOn().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String page(int watched, int after) {
    int next = open ? Math.min(items, after + PAGE) : after;
    String page =
        IntStream.rangeClosed(after + 1, next)
            .mapToObj(number -> "{\"id\":\"" + watched + "-" + number + "\"}")
            .collect(Collectors.joining(","));
    return "{\"items\":[" + page + "],\"next\":" + next + "}";
  }

  /** Shows its items from now on. */
  void open() {
    open = true;
  }

  /**
   * Holds up the polls of a process from now on, those of lists that are soon at their end left
   * out, and returns the first one.
   */
  Poll hold(String node) throws InterruptedException {
    Hold next = new Hold(node, new LinkedBlockingQueue<>(), new CountDownLatch(1));
    hold = next;
    return required(next.held().poll(120, TimeUnit.SECONDS), "No poll of " + node);
  }

  /** Has the polls that were held up answered. */
  void release() {
    Hold last = hold;
    hold = null;
    if (last != null) {
      last.goOn().countDown();
    }
  }

  /** Says that a process was stopped, and may send polls that others have taken over. */
  void expectLatePolls(String node) {
    stopped.put(node, ConcurrentHashMap.newKeySet());
  }

  /** Waits until a list is polled by another process than before. */
  void awaitAnother(Poll before) throws InterruptedException {
    while (before.node().equals(last.get(before.watched()))) {
      required(polls.poll(120, TimeUnit.SECONDS), "Nobody polls");
    }
  }

  /** Waits until a list was polled so far that this poll would lead back. */
  void awaitFurther(Poll before) throws InterruptedException {
    while (furthest.getOrDefault(before.watched(), 0) <= before.after() + PAGE) {
      required(polls.poll(120, TimeUnit.SECONDS), "Nobody polls");
    }
  }

  private static Poll required(@Nullable Poll poll, String otherwise) {
    if (poll == null) {
      throw new AssertionError(otherwise);
    }
    return poll;
  }

  /** Returns what polls did that they should not do. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
