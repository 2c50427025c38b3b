#include "tests/catch2.h"
#include "tests/lang/parse_support.h"

using namespace weft;
using weft::test::Program;

namespace {

template <class Form>
const Form& form(const Program& program, std::size_t i) {
  return std::get<Form>(program.statement(i).form);
}

template <class Form>
const Form& form(const ast::ExprPtr& expr) {
  return std::get<Form>(expr->form);
}

}  // namespace

TEST_CASE("a statement's span is what was written, without what surrounds it") {
  const Program program("# first\n\n  let  x = a + b   # last\n\nshow x ,\n  y # end\n\n  ");
  REQUIRE(program.faults() == "");
  CHECK(program.text(program.statement(0).span) == "let  x = a + b");
  CHECK(program.text(program.statement(0).keyword) == "let");
  CHECK(program.text(program.statement(1).span) == "show x ,\n  y");
  CHECK(program.statement(1).span.end == 48);
}

TEST_CASE("expressions know their place") {
  const Program program("let it = -a . b ( x , k = 2 ) [ B, T' : 3 ]  * (c  +  f( ) ) ^ 2  # comment\n");
  REQUIRE(program.faults() == "");
  const auto& product = form<ast::LetDecl>(program, 0).value;
  CHECK(program.text(product->span) == "-a . b ( x , k = 2 ) [ B, T' : 3 ]  * (c  +  f( ) ) ^ 2");
  const auto& chain = form<ast::Chain>(product);
  CHECK(program.text(chain.rest[0].op_span) == "*");

  const auto& minus = form<ast::Prefix>(chain.first);
  CHECK(program.text(chain.first->span) == "-a . b ( x , k = 2 ) [ B, T' : 3 ]");
  const auto& postfix = form<ast::Postfix>(minus.operand);
  CHECK(program.text(minus.operand->span) == "a . b ( x , k = 2 ) [ B, T' : 3 ]");
  CHECK(program.text(postfix.base->span) == "a");
  CHECK(program.text(postfix.suffixes[0].span) == ". b");
  CHECK(program.text(std::get<ast::Member>(postfix.suffixes[0].form).name.span) == "b");
  CHECK(program.text(postfix.suffixes[1].span) == "( x , k = 2 )");
  const auto& call = std::get<ast::Call>(postfix.suffixes[1].form);
  CHECK(program.text(call.arguments[0].span) == "x");
  CHECK(program.text(call.arguments[1].span) == "k = 2");
  CHECK(program.text(call.arguments[1].name->span) == "k");
  const auto& axes = std::get<ast::AxisList>(postfix.suffixes[2].form);
  CHECK(program.text(axes.span) == "[ B, T' : 3 ]");
  CHECK(program.text(axes.items[1].span) == "T' : 3");
  CHECK(program.text(axes.items[1].name.span) == "T'");
  CHECK(axes.items[1].name.text == "T");
  CHECK(axes.items[1].name.primes == 1);

  // Parentheses belong to what they hold, so the power begins at one.
  const auto& power = chain.rest[0].operand;
  CHECK(program.text(power->span) == "(c  +  f( ) ) ^ 2");
  CHECK(program.text(form<ast::Chain>(power).first->span) == "(c  +  f( ) )");
}

TEST_CASE("scan, repeat, types and parameters know theirs") {
  const Program program(
      "fn f ( x : V[ B ] = 3 , y: text ) -> [B]  {\n"
      "  return scan [T] ( x ; h = 0 ) { return h }  |> repeat n { A() }\n"
      "}\n");
  REQUIRE(program.faults() == "");
  const auto& f = form<ast::FnDecl>(program, 0);
  CHECK(program.text(f.parameters[0].span) == "x : V[ B ] = 3");
  CHECK(program.text(f.parameters[0].type->span) == "V[ B ]");
  CHECK(program.text(f.parameters[0].type->element->span) == "V");
  CHECK(program.text(f.parameters[1].type->span) == "text");
  CHECK(program.text(f.result->span) == "[B]");
  CHECK(program.text(f.body[0].keyword) == "return");
  const auto& chain = form<ast::Chain>(std::get<ast::Return>(f.body[0].form).values[0]);
  CHECK(program.text(chain.first->span) == "scan [T] ( x ; h = 0 ) { return h }");
  CHECK(program.text(chain.rest[0].operand->span) == "repeat n { A() }");
  CHECK(program.text(program.statement(0).span).back() == '}');
}

TEST_CASE("the file is part of a span") {
  Sources sources;
  sources.add("a.weft", "let a = 1\n");
  sources.add("b.weft", "let b = = 2\nlet c = 3\n");
  const Parsed parsed = parse(sources, 1);
  REQUIRE(parsed.diagnostics.size() == 1);
  CHECK(parsed.diagnostics[0].span == Span{1, 8, 9});
  CHECK(parsed.program.file == 1);
  CHECK(parsed.program.statements.at(0).span == Span{1, 12, 21});
}

TEST_CASE("settings and evaluations have their first word as keyword") {
  const Program program("train r on d {\n  epochs = 5, patience = 2\n}\nmean(x) + 1\n");
  REQUIRE(program.faults() == "");
  const auto& setting = form<ast::TrainDecl>(program, 0).body.at(0);
  CHECK(program.text(setting.span) == "epochs = 5, patience = 2");
  CHECK(program.text(setting.keyword) == "epochs");
  CHECK(program.text(program.statement(1).keyword) == "mean");
}
