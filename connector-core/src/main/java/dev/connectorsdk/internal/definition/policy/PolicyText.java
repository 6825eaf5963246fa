package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A text of a policy with calls such as {@code @connectionParameters('site')} inside, which stand
 * alone, in braces, or in braces after an {@code @}.
 *
 * @param pieces in order
 */
record PolicyText(List<Piece> pieces) {

  /** What a call asks for. */
  enum Source {
    HEADERS("headers"),
    QUERY("queryParameters"),
    CONNECTION("connectionParameters"),
    ENVIRONMENT("environmentVariables"),
    BODY("body"),
    ITEM("item");

    private final String function;

    Source(String function) {
      this.function = function;
    }

    /** Returns whether it is JSON, into which a path may lead, and not a text. */
    boolean isJson() {
      return this == BODY || this == ITEM;
    }

    /** Returns the function that asks for it, as definitions write it. */
    String text() {
      return "@" + function + "()";
    }
  }

  /** A stretch of the text. */
  sealed interface Piece {}

  /** Text as it is. */
  record Literal(String text) implements Piece {}

  /**
   * A call.
   *
   * @param name the argument; empty for none
   * @param otherwise what stands for a missing or empty value
   * @param path what follows the call
   */
  record Call(Source source, String name, String otherwise, JsonPath path) implements Piece {}

  /** A name in braces, which may be a path parameter. */
  record Name(String name) implements Piece {}

  private static final Map<String, Source> FUNCTIONS = functions();

  /** What begins a call, where no call was read. */
  private static final Pattern BEGINNING =
      Pattern.compile("@\\{|\\{\\s*@|\\{\\s*\\p{L}+\\s*\\(|(?<![\\p{L}\\p{N}._-])@\\p{L}+\\s*\\(");

  private static Map<String, Source> functions() {
    Map<String, Source> functions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Source source : Source.values()) {
      functions.put(source.function, source);
    }
    functions.put("header", Source.HEADERS);
    functions.put("triggerBody", Source.BODY);
    return functions;
  }

  PolicyText {
    pieces = List.copyOf(pieces);
  }

  static PolicyText of(@Nullable String text) {
    return new Reader(text == null ? "" : text).read();
  }

  /**
   * Returns the only piece if it is a call, such as the target of a template; else {@code null}.
   */
  @Nullable Call onlyCall() {
    return pieces.size() == 1 && pieces.get(0) instanceof Call call ? call : null;
  }

  /**
   * Returns how a call begins that cannot be understood, since its function is not known or it is
   * not written as calls are; {@code null} if there is none. Nobody means such a text as it is.
   */
  @Nullable String misread() {
    String before = "";
    for (Piece piece : pieces) {
      String misread = misread(before, piece);
      if (misread != null) {
        return misread;
      }
      before = piece instanceof Literal literal ? literal.text() : "";
    }
    return null;
  }

  private static @Nullable String misread(String before, Piece piece) {
    if (piece instanceof Literal literal) {
      Matcher beginning = BEGINNING.matcher(literal.text());
      return beginning.find() ? beginning.group() : null;
    }
    if (piece instanceof Name name) {
      boolean isCall = before.endsWith("@") || name.name().indexOf('(') >= 0;
      return isCall ? "{" + name.name() + "}" : null;
    }
    return before.endsWith("{") ? "{" + ((Call) piece).source().text() : null;
  }

  /** Returns whether the text stands for itself, so that {@link #literal} is all of it. */
  boolean isLiteral() {
    return pieces.isEmpty() || (pieces.size() == 1 && pieces.get(0) instanceof Literal);
  }

  String literal() {
    return !pieces.isEmpty() && pieces.get(0) instanceof Literal literal ? literal.text() : "";
  }

  /** Returns what the text asks for, in its order. */
  List<Call> calls() {
    return pieces.stream()
        .flatMap(piece -> piece instanceof Call call ? Stream.of(call) : Stream.empty())
        .toList();
  }

  /** Returns whether a call asks for a connection parameter. */
  boolean asksForParameter(String name) {
    return calls().stream()
        .anyMatch(call -> call.source() == Source.CONNECTION && call.name().equalsIgnoreCase(name));
  }

  /** Returns the text with each piece that is not literal replaced. */
  String fill(Function<Piece, String> values) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      text.append(piece instanceof Literal literal ? literal.text() : values.apply(piece));
    }
    return text.toString();
  }

  /**
   * Reads a path that may be written as a call without {@code @}: {@code body().a}.
   *
   * @return {@code null} if it is none
   */
  static @Nullable Call target(@Nullable String text) {
    String trimmed = text == null ? "" : text.trim();
    Call call = of(trimmed).onlyCall();
    return call != null || trimmed.isEmpty() ? call : of("@" + trimmed).onlyCall();
  }

  private static final class Reader {

    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int at;

    Reader(String text) {
      this.text = text;
    }

    PolicyText read() {
      while (at < text.length()) {
        if (!piece()) {
          literal.append(text.charAt(at));
          at++;
        }
      }
      endLiteral();
      return new PolicyText(pieces);
    }

    /** Reads the piece that begins here; returns whether one does. */
    private boolean piece() {
      return switch (text.charAt(at)) {
        case '{' -> bracedCall(at + 1) || bracedName(at + 1);
        case '@' -> text.startsWith("{", at + 1) ? bracedCall(at + 2) : call(at);
        default -> false;
      };
    }

    private boolean bracedCall(int from) {
      int inside = blanks(from);
      int[] end = new int[1];
      Call call = call(inside, end);
      if (call == null) {
        return false;
      }
      int close = blanks(end[0]);
      if (close >= text.length() || text.charAt(close) != '}') {
        return false;
      }
      add(call, close + 1);
      return true;
    }

    private boolean bracedName(int from) {
      int close = from;
      while (close < text.length() && "{}\"':,[]@\n".indexOf(text.charAt(close)) < 0) {
        close++;
      }
      if (close == from || !text.startsWith("}", close)) {
        return false;
      }
      add(new Name(text.substring(from, close)), close + 1);
      return true;
    }

    private boolean call(int from) {
      int[] end = new int[1];
      Call call = call(from, end);
      if (call == null) {
        return false;
      }
      add(call, end[0]);
      return true;
    }

    private void add(Piece piece, int next) {
      endLiteral();
      pieces.add(piece);
      at = next;
    }

    private void endLiteral() {
      if (literal.length() > 0) {
        pieces.add(new Literal(literal.toString()));
        literal.setLength(0);
      }
    }

    private int blanks(int from) {
      int to = from;
      while (to < text.length() && text.charAt(to) == ' ') {
        to++;
      }
      return to;
    }

    private @Nullable Call call(int from, int[] end) {
      int start = text.startsWith("@", from) ? from + 1 : from;
      int open = start;
      while (open < text.length() && Character.isLetter(text.charAt(open))) {
        open++;
      }
      Source source = FUNCTIONS.get(text.substring(start, open));
      if (source == null || !text.startsWith("(", open)) {
        return null;
      }
      List<String> arguments = new ArrayList<>();
      int close = arguments(open + 1, arguments);
      if (close < 0) {
        return null;
      }
      end[0] = close + 1;
      JsonPath path = source.isJson() ? JsonPath.read(text, close + 1, end) : JsonPath.SELF;
      return new Call(source, argument(arguments, 0), argument(arguments, 1), path);
    }

    private static String argument(List<String> arguments, int index) {
      return index < arguments.size() ? arguments.get(index) : "";
    }

    /** Returns where the closing parenthesis is, or -1 if these are no arguments. */
    private int arguments(int from, List<String> arguments) {
      int next = blanks(from);
      while (next < text.length() && text.charAt(next) != ')') {
        char quote = text.charAt(next);
        if (quote != '\'' && quote != '"') {
          return -1;
        }
        StringBuilder argument = new StringBuilder();
        next = quoted(next + 1, quote, argument);
        if (next < 0) {
          return -1;
        }
        arguments.add(argument.toString());
        next = blanks(next);
        if (next < text.length() && text.charAt(next) == ',') {
          next = blanks(next + 1);
        }
      }
      return next < text.length() ? next : -1;
    }

    private int quoted(int from, char quote, StringBuilder argument) {
      int next = from;
      while (next < text.length()) {
        char c = text.charAt(next);
        if (c != quote) {
          argument.append(c);
          next++;
        } else if (next + 1 < text.length() && text.charAt(next + 1) == quote) {
          argument.append(quote);
          next += 2;
        } else {
          return next + 1;
        }
      }
      return -1;
    }
  }
}
