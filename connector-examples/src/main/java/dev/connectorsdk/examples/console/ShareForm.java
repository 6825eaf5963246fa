package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** To whom which right is to be granted, as it was filled in. */
record ShareForm(
    @Nullable String kind,
    @Nullable String who,
    @Nullable String rightId,
    @Nullable String day,
    @Nullable String whoFault,
    @Nullable String dayFault) {

  static final List<String> NAMES = List.of("kind", "who", "right", "until");

  static final Map<Right, String> TITLES = titles();

  private static Map<Right, String> titles() {
    Map<Right, String> titles = new LinkedHashMap<>();
    titles.put(Right.USE, "Use it in own flows");
    titles.put(Right.MANAGE, "Use and manage it");
    titles.put(Right.OWN, "Use, manage, share and delete it");
    titles.put(Right.NONE, "Nothing, whatever a group has");
    return titles;
  }

  static ShareForm empty() {
    return new ShareForm(null, null, null, null, null, null);
  }

  static ShareForm of(Visit visit, Principal owner) {
    String kind = visit.field("kind").orElse("user");
    String who = visit.field("who").orElse("").strip();
    String day = visit.field("until").orElse(null);
    ShareForm form = new ShareForm(kind, who, visit.field("right").orElse("USE"), day, null, null);
    String dayFault = null;
    try {
      if (form.until().isPresent() && form.right() == Right.NONE) {
        dayFault = "has to be empty: this right has no end";
      }
    } catch (DateTimeException e) {
      dayFault = "is no day, such as 2031-01-30";
    }
    String whoFault = null;
    if (who.isEmpty()) {
      whoFault = "is missing";
    } else if (form.user().isEmpty()) {
      whoFault = "is longer than 200 characters";
    } else if (form.user().get().equals(owner)) {
      whoFault = "is the owner, who has all rights";
    }
    return new ShareForm(kind, who, form.rightId(), day, whoFault, dayFault);
  }

  /** Returns the form with what the runtime has against the person. */
  ShareForm refused(String why) {
    return new ShareForm(kind, who, rightId, day, why, dayFault);
  }

  boolean isFaulty() {
    return whoFault != null || dayFault != null;
  }

  Optional<Principal> user() {
    try {
      return Optional.of(Principal.parse(kind + ":" + who));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Right right() {
    return TITLES.keySet().stream()
        .filter(right -> right.name().equals(rightId))
        .findFirst()
        .orElse(Right.USE);
  }

  /** Returns the end of the day that was entered. */
  Optional<Instant> until() {
    return Optional.ofNullable(day)
        .map(text -> LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  List<Field> fields() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("user", "A person");
    kinds.put("group", "A group");
    kinds.put("service", "A service");
    Map<String, String> rights = new LinkedHashMap<>();
    TITLES.forEach((right, title) -> rights.put(right.name(), title));
    return List.of(
        Field.choice("kind", "Who is it?", kinds).mandatory().value(kind),
        Field.text("who", "Id of the person, group or service")
            .mandatory()
            .value(who)
            .fault(whoFault),
        Field.choice("right", "What may they do?", rights).mandatory().value(rightId),
        Field.text("until", "Last day")
            .type("date")
            .hint("It ends with this day, in UTC. Leave it empty for no end.")
            .value(day)
            .fault(dayFault));
  }
}
