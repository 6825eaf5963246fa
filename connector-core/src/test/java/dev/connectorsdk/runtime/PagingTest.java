package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.connection.ConnectionSpec;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a list is read page by page. */
class PagingTest extends HostTest {

  record Most(int items) {}

  record Found(List<Integer> items) {}

  private static final Action<Most, Found> BY_HEADER = list("byHeader", Paging.linkHeader(), "");
  private static final Action<Most, Found> BY_LINK =
      list("byLink", Paging.nextLink("/next"), "/items");
  private static final Action<Most, Found> BY_CURSOR =
      list("byCursor", Paging.cursor("/next", "after"), "/items");
  private static final Action<Most, Found> BY_NUMBER =
      list("byNumber", Paging.pageNumber("page"), "/items");
  private static final Action<Most, Found> FROM_ZERO =
      list("fromZero", Paging.pageNumber("size", 0), "");
  private static final Action<Most, Found> BY_OFFSET =
      list("byOffset", Paging.offset("skip"), "/items");
  private static final Action<Most, Found> BY_HEADER_CURSOR =
      list("byHeaderCursor", Paging.headerCursor("X-Next", "after"), "");
  private static final Action<Most, Found> BY_CONTINUATION =
      list("byContinuation", Paging.continuation("x-ms-continuation"), "");
  private static final Action<Most, Found> OMITTING =
      list("omitting", Paging.nextLink("/next").omittingEmptyLists(), "/items");
  private static final Most ALL = new Most(100);

  private static Action<Most, Found> list(String id, Paging paging, String pointer) {
    return Action.builder(id, Effect.READ, Most.class, Found.class)
        .run(
            (in, call) ->
                new Found(
                    call.http()
                        .get("/items")
                        .query("size", 2)
                        .pages(paging, pointer, Integer.class)
                        .limit(in.items())
                        .toList()));
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .action(BY_HEADER)
        .action(BY_LINK)
        .action(BY_CURSOR)
        .action(BY_NUMBER)
        .action(FROM_ZERO)
        .action(BY_OFFSET)
        .action(BY_HEADER_CURSOR)
        .action(BY_CONTINUATION)
        .action(OMITTING)
        .build();
  }

  @BeforeEach
  void connect() {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
  }

  private List<Integer> read(Action<Most, Found> list) {
    return read(list, ALL);
  }

  private List<Integer> read(Action<Most, Found> list, Most most) {
    return runtime.invoke(ADA, MINE, list, most).items();
  }

  private static void page(String target, String json, String... links) {
    ResponseDefinitionBuilder answer = okJson(json);
    service.stubFor(
        get(urlEqualTo(target))
            .willReturn(links.length == 0 ? answer : answer.withHeader("Link", links)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</items?page=2>; rel=\"next\"",
        "<items?page=2>;rel=next",
        "</items?page=1>; rel=\"prev\", </items?page=2>; REL=\"Next\"",
        "</items?page=2>; title=\"more\"; rel=\"next\", </items?page=9>; rel=\"last\"",
        "</items?page=2>; rel=\"next last\"",
        "</items?page=2>; rel=\"last\tNEXT\"",
        "</items?page=2> ; rel = \"next\"",
        "</items?page=2>; rel =next",
        "</items?page=1>; title=\"a, <b>; rel=next\"; rel=prev, </items?page=2>; rel=next",
        "</items?page=1>; title=\"\\\"; rel=next\"; rel=prev,</items?page=2>;rel=next",
        "</items?page=1>; rel=next; anchor=\"/other\", </items?page=2>; rel=next",
        "</items?page=1>; rel=first; rel=next, </items?page=2>; a; rel=next",
        "</items?page=1>; title=\"a, b\"; rel=\"self\" , </items?page=2>; title*=UTF-8''x; rel=\"http://x.test/rel next\"",
        "</items?page=2>; hreflang=de; type=\"text/html; q=1\"; REL=\"last NEXT\"; media=\"a,b\"",
        "</items?page=2>; rel=\"next\"; anchor=\"/items?size=2\"",
        "</items?page=2>; rel=\"next\"; anchor=\"\"",
        "</items?page=1>; rev=next, </items?page=2>; rel=\" next \"",
        "</items?page=1>; rel=\"next\"; anchor=\"#part\", </items?page=2>; rel=next",
        "</items?page=1>; title=\"</items?page=7>; rel=next\"; rel=prev, </items?page=2>; rel=next",
        "<http://localhost/x,y>; rel=prev, </items?page=2>; rel=next"
      })
  @DisplayName("RFC 8288: the link whose relation is next leads to the next page")
  void theLinkNamedNextIsFollowed(String link) {
    page("/items?size=2", "[1,2]", link);
    page("/items?page=2", "[3]");

    assertThat(read(BY_HEADER)).containsExactly(1, 2, 3);
  }

  @Test
  @DisplayName("RFC 8288: links may come in several headers")
  void theLinkMayStandInAFurtherHeader() {
    page("/items?size=2", "[1,2]", "</other>; rel=\"self\"", "</items?page=2>; rel=\"next\"");
    page("/items?page=2", "[3]");

    assertThat(read(BY_HEADER)).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</items?page=1>; rel=\"prev\"",
        "</next>",
        "rel=\"next\"",
        ">< ; rel=next",
        "</a>; rel=nextish",
        "</a>; rel=\"prev; rel=next",
        "</a>; xrel=next",
        ""
      })
  void whereNoLinkIsNamedNextTheListEnds(String link) {
    page("/items?size=2", "[1,2]", link);

    assertThat(read(BY_HEADER)).containsExactly(1, 2);
    service.verify(1, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"next\":null", ",\"next\":\"\""})
  void aCursorIsCarriedUntilThereIsNone(String end) {
    page("/items?size=2", "{\"items\":[1,2],\"next\":\"a/b\"}");
    page("/items?size=2&after=a%2Fb", "{\"items\":[3,4],\"next\":\"c\"}");
    page("/items?size=2&after=c", "{\"items\":[]" + end + "}");

    assertThat(read(BY_CURSOR)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aCursorThatComesTwiceEndsWithAnError() {
    page("/items?size=2", "{\"items\":[1],\"next\":\"a\"}");
    page("/items?size=2&after=a", "{\"items\":[2],\"next\":\"a\"}");

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> read(BY_CURSOR))
        .withMessage("Page 2 leads back to a page that was read already");
    service.verify(2, anyRequestedFor(anyUrl()));
  }

  @Test
  void pagesWithoutItemsAreReadOn() {
    page("/items?size=2", "{\"items\":[],\"next\":\"/empty\"}");
    page("/empty", "{\"items\":[],\"next\":\"/rest\"}");
    page("/rest", "{\"items\":[7]}");

    assertThat(read(BY_LINK)).containsExactly(7);
  }

  @Test
  void aPageIsFetchedWhenItsItemsAreAskedFor() {
    page("/items?size=2", "{\"items\":[1,2],\"next\":\"/rest\"}");

    assertThat(read(BY_LINK, new Most(2))).containsExactly(1, 2);
    service.verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void whatIsNoLinkAndNoItemIsAnErrorThatNamesThePage() {
    page("/items?size=2", "{\"items\":[1],\"next\":\"/rest\"}");
    page("/rest", "{\"items\":[2],\"next\":\"ftp://x\"}");
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> read(BY_LINK))
        .withMessage("The next link in page 2 is not a URL");

    page("/rest", "{\"items\":[{}]}");
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> read(BY_LINK))
        .withMessageStartingWith("An item of page 2 of ")
        .withMessageEndingWith(" is not of the expected shape");
  }

  @Test
  void pagesAreNumberedUntilOneIsEmpty() {
    page("/items?size=2&page=1", "{\"items\":[1,2]}");
    page("/items?size=2&page=2", "{\"items\":[3]}");
    page("/items?size=2&page=3", "{\"items\":[]}");

    assertThat(read(BY_NUMBER)).containsExactly(1, 2, 3);
  }

  @Test
  void aNumberThatTheAuthorAsksForIsTheFirst() {
    page("/items?size=2", "[1]");
    page("/items?size=3", "[]");

    assertThat(read(FROM_ZERO)).containsExactly(1);
  }

  @Test
  void anOffsetIsWhatWasRead() {
    page("/items?size=2", "{\"items\":[1,2]}");
    page("/items?size=2&skip=2", "{\"items\":[3]}");
    page("/items?size=2&skip=3", "{\"items\":[]}");

    assertThat(read(BY_OFFSET)).containsExactly(1, 2, 3);
  }

  @Test
  void aServiceThatDoesNotKnowTheParameterIsNotAskedForEver() {
    service.stubFor(get(urlPathEqualTo("/items")).willReturn(okJson("{\"items\":[1,2]}")));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> read(BY_NUMBER))
        .withMessageContaining("the parameter 'page'");
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> read(BY_OFFSET))
        .withMessageContaining("the parameter 'skip'");

    service.verify(4, anyRequestedFor(anyUrl()));
  }

  @Test
  void aCursorMayStandInAHeader() {
    service.stubFor(get("/items?size=2").willReturn(okJson("[1,2]").withHeader("x-next", "a b")));
    page("/items?size=2&after=a%20b", "[3]");

    assertThat(read(BY_HEADER_CURSOR)).containsExactly(1, 2, 3);
  }

  @Test
  void aHeaderMayBeSentBack() {
    String header = "x-ms-continuation";
    service.stubFor(
        get("/items?size=2")
            .withHeader(header, absent())
            .willReturn(okJson("[1,2]").withHeader(header, "c1")));
    service.stubFor(
        get("/items?size=2")
            .withHeader(header, equalTo("c1"))
            .willReturn(okJson("[3]").withHeader(header, "c2")));
    service.stubFor(
        get("/items?size=2").withHeader(header, equalTo("c2")).willReturn(okJson("[4]")));

    assertThat(read(BY_CONTINUATION)).containsExactly(1, 2, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"values\":[1]}",
        "{\"items\":{\"a\":1}}",
        "{\"items\":\"1\"}",
        "{\"items\":7}",
        "[1]"
      })
  void aPlaceWithoutAListIsNoEmptyList(String json) {
    page("/items?size=2", json);

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> read(BY_LINK))
        .withMessageContaining("at '/items'")
        .withMessageContaining("omittingEmptyLists");
  }

  @Test
  void aListThatIsNullIsEmpty() {
    page("/items?size=2", "{\"items\":null,\"next\":\"/items?page=2\"}");
    page("/items?page=2", "{\"items\":[1]}");

    assertThat(read(BY_LINK)).containsExactly(1);
  }

  @Test
  void aListMayBeLeftOutIfItIsSaidSo() {
    page("/items?size=2", "{\"next\":\"/items?page=2\"}");
    page("/items?page=2", "{\"items\":[1],\"next\":\"/items?page=3\"}");
    page("/items?page=3", "{\"items\":5}");

    assertThat(read(OMITTING, new Most(1)).size()).isEqualTo(1);
    assertThatExceptionOfType(ResponseException.class).isThrownBy(() -> read(OMITTING));
  }

  @Test
  void anAnswerWithoutABodyIsAnEmptyPage() {
    service.stubFor(get("/items?size=2").willReturn(noContent()));

    assertThat(read(BY_LINK)).isEmpty();
  }
}
