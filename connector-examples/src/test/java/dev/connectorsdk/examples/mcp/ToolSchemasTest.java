package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ToolSchemasTest {

  @Test
  void theRootIsAlwaysAnObject() {
    assertThat(ToolSchemas.input(object("{}"))).isEqualTo(object("{'type':'object'}"));
    assertThat(ToolSchemas.input(object("{'type':['object','null']}")))
        .isEqualTo(object("{'type':'object'}"));
    assertThat(ToolSchemas.input(object("{'type':'array','items':{'type':'string'}}")))
        .isEqualTo(
            object(
                "{'type':'object','properties':{'items':{'type':'array','items':{'type':'string'}}},"
                    + "'required':['items']}"));
  }

  @Test
  void whatIsNot202012IsMadeSoOrLeftOut() {
    assertThat(
            ToolSchemas.input(
                object(
                    """
                    {'$schema':'http://json-schema.org/draft-04/schema#','id':'x','properties':{
                      'a':{'type':'strin','minimum':'1','exclusiveMinimum':true,'x-ms-summary':'A'},
                      'b':{'type':'array','items':[{'type':'string'}],'required':true},
                      'c':{'enum':[],'pattern':'(','minLength':-1,'nullable':true},
                      'd':{'$ref':'#/definitions/D e/f'},
                      'e':{'$ref':'https://elsewhere.example/schema'},
                      'f':{'$ref':'#/definitions/Loop'},
                      'g':false},
                     'required':['a','a'],
                     'definitions':{'D e/f':{'type':'integer'},'Loop':{'$ref':'#/definitions/Loop'}}}
                    """)))
        .isEqualTo(
            object(
                """
                {'type':'object','properties':{
                  'a':{},
                  'b':{'type':'array','prefixItems':[{'type':'string'}]},
                  'c':{},
                  'd':{'$ref':'#/$defs/d0'},
                  'e':{},
                  'f':{},
                  'g':{'not':{}}},
                 'required':['a'],
                 '$defs':{'d0':{'type':'integer'},'d1':{}}}
                """));
  }

  @Test
  void whatIsLeftOutMakesNoSchemaStricter() {
    assertThat(
            ToolSchemas.input(
                object(
                    """
                    {'type':'object','properties':{
                      'a':{'patternProperties':{'^x-':{}},'additionalProperties':false},
                      'b':{'allOf':[{'patternProperties':{'^x-':{}}}],'unevaluatedProperties':false},
                      'c':{'not':{'pattern':'(?i)x'}},
                      'd':{'not':{'not':{'pattern':'(?i)x'}}},
                      'e':{'not':{'$ref':'#'}},
                      'f':{'if':{'dependencies':{'k':['l']}},'then':{'required':['m']}},
                      'g':{'properties':{},'additionalProperties':false},
                      'h':{'not':{'type':'null'}}}}
                    """)))
        .isEqualTo(
            object(
                """
                {'type':'object','properties':{
                  'a':{},
                  'b':{'allOf':[{}]},
                  'c':{},
                  'd':{},
                  'e':{},
                  'f':{'then':{'required':['m']}},
                  'g':{'properties':{},'additionalProperties':false},
                  'h':{'not':{'type':'null'}}}}
                """));
  }

  @Test
  void whatIsUnevaluatedIsRefusedWhereNothingWasLeftOut() {
    var strict = object("{'type':'object','properties':{'a':{}},'unevaluatedProperties':false}");

    assertThat(ToolSchemas.input(strict)).isEqualTo(strict);
  }

  @Test
  void whatJsonSchema202012TakesIsKept() {
    ObjectNode whole =
        object(
            """
            {'type':'object','properties':{
              'a':{'oneOf':[{'type':'string','minLength':3},{'$ref':'#/$defs/d0'}]},
              'b':{'type':'array','contains':{'$ref':'#/$defs/d0'},'minContains':0,'maxContains':2},
              'c':{'not':{'$ref':'#/$defs/d0'}},
              'd':{'type':'object','dependentRequired':{'k':['l','m'],'n':[]}},
              'e':{'type':'object','allOf':[{'$ref':'#'}],'unevaluatedProperties':false},
              'f':{'type':'string','contentEncoding':'base64'}},
             '$defs':{'d0':{'type':'object','properties':{'x':{'type':'integer'}}}}}
            """);

    assertThat(ToolSchemas.input(whole)).isEqualTo(whole);
  }

  @Test
  void whatCannotBeKeptIsLoosenedThereAlone() {
    assertThat(
            ToolSchemas.input(
                object(
                    """
                    {'type':'object','properties':{
                      'a':{'oneOf':[{'pattern':'(?i)x'},{'type':'string'}]},
                      'b':{'oneOf':[{'type':'string'},{'type':'integer'}]},
                      'c':{'contains':{'pattern':'(?i)x'},'minContains':2,'maxContains':3},
                      'd':{'contains':{'type':'string'},'minContains':0,'maxContains':3},
                      'e':{'$ref':'https://elsewhere.example/s','unevaluatedProperties':false},
                      'f':{'not':{'oneOf':[{'pattern':'(?i)x'},{'type':'string'}]}},
                      'g':{'items':[{'type':'string'}],'additionalItems':false},
                      'h':{'additionalItems':false,'minContains':4}}}
                    """)))
        .isEqualTo(
            object(
                """
                {'type':'object','properties':{
                  'a':{'anyOf':[{},{'type':'string'}]},
                  'b':{'oneOf':[{'type':'string'},{'type':'integer'}]},
                  'c':{'contains':{},'minContains':2},
                  'd':{'contains':{'type':'string'},'minContains':0,'maxContains':3},
                  'e':{},
                  'f':{},
                  'g':{'prefixItems':[{'type':'string'}],'items':false},
                  'h':{}}}
                """));
  }

  @Test
  void aReferenceToARootThatIsAnotherNowRefusesNothing() {
    assertThat(
            ToolSchemas.input(
                object("{'type':'array','items':{'not':{'$ref':'#'},'oneOf':[{'$ref':'#'},{}]}}")))
        .isEqualTo(
            object(
                """
                {'type':'object','required':['items'],'properties':{
                  'items':{'type':'array','items':{'anyOf':[{},{}]}}}}
                """));
  }

  @Test
  void definitionsOfBothPlacesStayApart() {
    assertThat(
            ToolSchemas.input(
                object(
                    """
                    {'type':'object','properties':{
                      'a':{'$ref':'#/definitions/A'},
                      'b':{'$ref':'#/definitions/B'},
                      'c':{'$ref':'#/$defs/A'},
                      'd':{'$ref':'#/$defs/C'}},
                     'definitions':{'A':{'title':'A'},'B':{'title':'B'}},
                     '$defs':{'A':{'title':'Other A'},'C':{'title':'C'}}}
                    """)))
        .isEqualTo(
            object(
                """
                {'type':'object','properties':{
                  'a':{'$ref':'#/$defs/d0'},
                  'b':{'$ref':'#/$defs/d1'},
                  'c':{'$ref':'#/$defs/d2'},
                  'd':{'$ref':'#/$defs/d3'}},
                 '$defs':{'d0':{'title':'A'},'d1':{'title':'B'},
                   'd2':{'title':'Other A'},'d3':{'title':'C'}}}
                """));
  }

  /** Clients compile them with the flag u, and refuse all tools for one that is none. */
  @Test
  void patternsThatOnlyJavaKnowsAreLeftOut() {
    for (String ofJava :
        List.of(
            "(?i)x", "\\Ax", "x\\z", "a++", "a{1,2}+", "[a-z&&[b]]", "x}", "\\Qx\\E", "\\h", "(")) {
      assertThat(withPattern(ofJava)).as(ofJava).isEqualTo(object("{'type':'object'}"));
    }
    for (String ofBoth :
        List.of("^[A-Z]{2,3}-\\d+$", "(?:a|b)*?\\.c", "[^\\s/\\-]+", "(?=a)b", "\\u00e9", "é")) {
      assertThat(withPattern(ofBoth).path("pattern").asString()).isEqualTo(ofBoth);
    }
    assertThat(withPattern("(a)*".repeat(100_000)).has("pattern")).isFalse();
  }

  @Test
  void patternsThatEcmaRefusesWithItsFlagUAreLeftOut() {
    for (String refused :
        List.of("^[\\w-\\.]+@x$", "[a-\\d]", "^*.pdf$", "\\b+", "(?=a)*b", "(?<!ab)+c")) {
      assertThat(withPattern(refused).has("pattern")).as(refused).isFalse();
    }
    for (String taken :
        List.of("^[\\w.-]+@x$", "[\\d-]+", "^\\d-\\d$", "[^*]+", "\\$*", "(?=a*)b", "[^\\s@]+@x")) {
      assertThat(withPattern(taken).path("pattern").asString()).isEqualTo(taken);
    }
  }

  private static ObjectNode withPattern(String pattern) {
    return ToolSchemas.input(object("{'type':'object'}").put("pattern", pattern));
  }

  @Test
  void aSchemaOfAnswersRefusesNone() {
    assertThat(
            ToolSchemas.output(
                object(
                    """
                    {'type':'object','required':['id'],'additionalProperties':false,'properties':{
                      'id':{'type':'string','title':'Id','pattern':'^x','enum':['a']}}}
                    """)))
        .isEqualTo(
            object(
                """
                {'type':'object','properties':{
                  'id':{'title':'Id','anyOf':[{'type':'string'},{}]}}}
                """));
  }

  @Test
  void aSchemaIsMeasuredAsItIsSent() {
    var large = object("{'type':'object'}");
    large.putObject("properties").putObject("a").put("description", "漢".repeat(12_000));

    assertThat(ToolSchemas.input(large).has("properties")).isFalse();
  }

  @Test
  void aSchemaThatIsTooLargeForAListIsLeftToTheCall() {
    var large = object("{'type':'object'}");
    large.putObject("properties").putObject("a").put("description", "x".repeat(40_000));

    assertThat(ToolSchemas.input(large).has("properties")).isFalse();
    assertThat(ToolSchemas.wholeInput(large).has("properties")).isTrue();
  }
}
