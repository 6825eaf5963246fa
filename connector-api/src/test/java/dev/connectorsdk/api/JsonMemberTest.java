package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.connectorsdk.api.internal.TypedJson;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

/** Absent, null and a value, in what is written and in what is read. */
class JsonMemberTest {

  private final JsonMapper mapper = TypedJson.set(JsonMapper.builder()).build();

  record Change(JsonMember<String> title, JsonMember<LocalDate> due, JsonMember<Place> place) {}

  record Place(String city, @Nullable String street) {}

  record Plain(@Nullable String text, Optional<String> maybe, List<@Nullable String> list) {}

  private static Change change(
      JsonMember<String> title, JsonMember<LocalDate> due, JsonMember<Place> place) {
    return new Change(title, due, place);
  }

  @Test
  void whatIsAbsentIsLeftOutAndNullIsWritten() {
    assertThat(write(change(JsonMember.absent(), JsonMember.ofNull(), JsonMember.absent())))
        .isEqualTo("{'due':null}");
    assertThat(
            write(
                change(
                    JsonMember.of("a"),
                    JsonMember.of(LocalDate.EPOCH),
                    JsonMember.of(new Place("Bern", null)))))
        .isEqualTo("{'title':'a','due':'1970-01-01','place':{'city':'Bern'}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'title':null}",
        "{'title':'a'}",
        "{'title':'','due':null,'place':null}",
        "{'title':'a','due':'1970-01-01','place':{'city':'Bern','street':'x'}}"
      })
  void whatIsReadIsWrittenAsItCame(String json) {
    assertThat(write(read(json, Change.class))).isEqualTo(json);
  }

  @Test
  void theThreeAreToldApart() {
    Change read = read("{'due':null,'place':{'city':'Bern'}}", Change.class);

    assertThat(read.title().isAbsent()).isTrue();
    assertThat(read.due().isNull()).isTrue();
    assertThat(read.place().value()).isEqualTo(new Place("Bern", null));
    assertThat(read)
        .isEqualTo(
            change(
                JsonMember.absent(),
                JsonMember.ofNullable(null),
                JsonMember.ofNullable(new Place("Bern", null))));
    assertThat(JsonMember.absent()).isNotEqualTo(JsonMember.ofNull()).hasToString("absent");
    assertThat(JsonMember.ofNull()).hasToString("null");
    assertThat(JsonMember.of("a")).hasToString("a").isNotEqualTo(JsonMember.of("b"));
  }

  @Test
  void thereIsAValueOrNone() {
    assertThat(JsonMember.of(1).toOptional()).contains(1);
    assertThat(JsonMember.ofNull().toOptional()).isEmpty();
    assertThat(JsonMember.of(1).hasValue()).isTrue();
    assertThat(JsonMember.absent().hasValue()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> JsonMember.absent().value())
        .withMessage("The member is absent");
  }

  @Test
  void aValueIsReadAsStrictlyAsAnyOther() {
    assertThatExceptionOfType(DatabindException.class)
        .isThrownBy(() -> mapper.readValue("{\"n\":5.7}", Count.class));
    assertThat(mapper.readValue("{\"n\":5.0}", Count.class).n()).isEqualTo(JsonMember.of(5));
  }

  record Count(JsonMember<Integer> n) {}

  @Test
  void annotationsOfTheComponentHold() {
    Due due = read("{'due_date':'31.12.2026'}", Due.class);

    assertThat(due.due()).isEqualTo(JsonMember.of(LocalDate.of(2026, 12, 31)));
    assertThat(write(due)).isEqualTo("{'due_date':'31.12.2026'}");
  }

  record Due(
      @JsonProperty("due_date") @JsonFormat(pattern = "dd.MM.yyyy") JsonMember<LocalDate> due) {}

  @Test
  void aMapLeavesOutWhatIsAbsentAndKeepsNull() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("a", null);
    members.put("b", JsonMember.absent());
    members.put("c", JsonMember.ofNull());
    members.put("d", JsonMember.of(1));
    members.put("e", Optional.empty());

    assertThat(write(members)).isEqualTo("{'a':null,'c':null,'d':1}");
    assertThat(write(Map.of("a", Map.of("b", JsonMember.absent())))).isEqualTo("{'a':{}}");
    assertThat(write(new Held(Map.of("x", JsonMember.absent())))).isEqualTo("{'members':{}}");
    assertThat(
            mapper.<Map<String, JsonMember<Integer>>>readValue(
                "{\"a\":null,\"b\":1}", new TypeReference<Map<String, JsonMember<Integer>>>() {}))
        .containsEntry("a", JsonMember.ofNull())
        .containsEntry("b", JsonMember.of(1));
  }

  record Held(Map<String, JsonMember<String>> members) {}

  @Test
  void whereNothingCanBeLeftOutAbsentIsNull() {
    assertThat(write(List.of(JsonMember.absent(), JsonMember.of("a")))).isEqualTo("[null,'a']");
    assertThat(write(JsonMember.absent())).isEqualTo("null");
    assertThat(write(JsonMember.of("a"))).isEqualTo("'a'");
  }

  @Test
  void aPlainComponentThatIsNullOrEmptyIsLeftOut() {
    List<@Nullable String> list = new ArrayList<>();
    list.add(null);

    assertThat(write(new Plain(null, Optional.empty(), list))).isEqualTo("{'list':[null]}");
    assertThat(write(new Plain("a", Optional.of("b"), List.of())))
        .isEqualTo("{'text':'a','maybe':'b','list':[]}");
  }

  @Test
  void anAuthorMaySayThatNullIsWritten() {
    assertThat(write(new Whole(null, null))).isEqualTo("{'always':null}");
    assertThat(write(new AllOfIt(null, Optional.empty()))).isEqualTo("{'a':null,'b':null}");
  }

  record Whole(
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String always, @Nullable String other) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record AllOfIt(@Nullable String a, Optional<String> b) {}

  private String write(Object value) {
    return mapper.writeValueAsString(value).replace('"', '\'');
  }

  private <T> T read(String json, Class<T> type) {
    return mapper.readValue(json.replace('\'', '"'), type);
  }
}
