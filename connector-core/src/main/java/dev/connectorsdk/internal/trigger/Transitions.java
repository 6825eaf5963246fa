package dev.connectorsdk.internal.trigger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The moves of a life cycle as a table. Immutable.
 *
 * @param <S> the phases
 * @param <T> what moves from one to another
 */
final class Transitions<S extends Enum<S>, T extends Enum<T>> {

  private final List<Row<S, T>> rows;

  /** One move. */
  record Row<S, T>(S from, T signal, S to) {

    @Override
    public String toString() {
      return from + " --" + signal + "--> " + to;
    }
  }

  private Transitions(List<Row<S, T>> rows) {
    this.rows = List.copyOf(rows);
  }

  static <S extends Enum<S>, T extends Enum<T>> Builder<S, T> endingIn(S end) {
    return new Builder<>(end);
  }

  /** Returns where a signal leads, if it is allowed in this phase. */
  Optional<S> next(S from, T signal) {
    return rows.stream()
        .filter(row -> row.from() == from && row.signal() == signal)
        .map(Row::to)
        .findFirst();
  }

  List<Row<S, T>> rows() {
    return rows;
  }

  /** Collects the rows. */
  static final class Builder<S extends Enum<S>, T extends Enum<T>> {

    private final S end;
    private final List<Row<S, T>> rows = new ArrayList<>();

    private Builder(S end) {
      this.end = end;
    }

    Builder<S, T> on(S from, T signal, S to) {
      if (from == end || rows.stream().anyMatch(r -> r.from() == from && r.signal() == signal)) {
        throw new IllegalArgumentException("A second way from " + from + " by " + signal);
      }
      rows.add(new Row<>(from, signal, to));
      return this;
    }

    /**
     * Returns the table.
     *
     * @throws IllegalArgumentException if the end cannot be reached from each phase
     */
    Transitions<S, T> build() {
      Set<S> ending = new HashSet<>(Set.of(end));
      boolean grown = true;
      while (grown) {
        grown = false;
        for (Row<S, T> row : rows) {
          grown |= ending.contains(row.to()) && ending.add(row.from());
        }
      }
      for (S phase : end.getDeclaringClass().getEnumConstants()) {
        if (!ending.contains(phase)) {
          throw new IllegalArgumentException("No way leads from " + phase + " to " + end);
        }
      }
      return new Transitions<>(rows);
    }
  }
}
