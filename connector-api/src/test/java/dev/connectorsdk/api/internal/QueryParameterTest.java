package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryParameterTest {

  @Test
  void areDecodedInTheirOrder() {
    assertThat(QueryParameter.parse("b=2%263&a=x=y&b=&flag&&=v", false))
        .containsExactly(
            new QueryParameter("b", "2&3"),
            new QueryParameter("a", "x=y"),
            new QueryParameter("b", ""),
            new QueryParameter("flag", ""),
            new QueryParameter("", "v"));
  }

  @Test
  void aPlusSignIsASpaceInFormsAlone() {
    assertThat(QueryParameter.parse("a+b=1+2%2B3", true))
        .containsExactly(new QueryParameter("a b", "1 2+3"));
    assertThat(QueryParameter.parse("a+b=1+2%2B3", false))
        .containsExactly(new QueryParameter("a+b", "1+2+3"));
  }

  @Test
  void noQueryHasNone() {
    assertThat(QueryParameter.parse(null, true)).isEmpty();
    assertThat(QueryParameter.parse("", true)).isEmpty();
  }
}
