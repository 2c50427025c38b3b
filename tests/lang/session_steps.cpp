#include "lang/service/session_script.h"
#include "lang/session.h"
#include "lang/syntax/parse.h"
#include "tests/catch2.h"

namespace weft {
namespace {

class Shown : public Observer {
 public:
  void show(const std::string& text) override { shown.push_back(text); }
  void progress(const Progress&) override {}
  void note(const std::string&) override {}
  bool interrupted() override { return stop; }

  std::vector<std::string> shown;
  bool stop = false;
};

/// What is said one source after the other.
struct Repl {
  Shown observer;
  Session session{{{1, 1, DType::f32}, {}, true}, observer};

  bool say(const std::string& source) {
    if (!session.read("<repl>", source).empty()) return false;
    return session.run() == Outcome::done;
  }
  std::string last() const { return observer.shown.empty() ? "" : observer.shown.back(); }
};

std::string script_of(const std::vector<std::string>& sources) {
  std::vector<service::SaidStatement> all;
  for (const std::string& source : sources) {
    Sources texts;
    const Parsed parsed = parse(texts, texts.add("<repl>", source));
    REQUIRE(parsed.diagnostics.empty());
    for (auto& s : service::statements_of(parsed.program, texts)) all.push_back(std::move(s));
  }
  return service::as_script(all);
}

TEST_CASE("parameters of several statements are all initialized") {
  Repl repl;
  CHECK(repl.say("axis D = 3\n"));
  CHECK(repl.say("param W: [D] = ones()\n"));
  CHECK(repl.say("param U: [D] = ones()\n"));
  CHECK(repl.say("show sum[D](W + U)\n"));
  CHECK(repl.last() == "6");
}

TEST_CASE("ans is the value shown last, held") {
  Repl repl;
  CHECK(repl.say("axis D = 2\nnormal[D]()\n"));
  CHECK(repl.say("let x = ans\n"));
  CHECK(repl.say("ans - x\n"));
  CHECK(repl.say("show sum[D](abs(ans))\n"));
  CHECK(repl.last() == "0");
  CHECK(repl.say("show 1, last = 5\n"));
  CHECK(repl.say("ans + 1\n"));
  CHECK(repl.last() == "6");
}

TEST_CASE("undo gives names their earlier values and forgets new ones") {
  Repl repl;
  CHECK_FALSE(repl.session.undo());
  CHECK(repl.say("let a = 1\n"));
  CHECK(repl.say("let a = 2\nlet b = 3\n"));
  CHECK(repl.session.undo() == "let a = 2\nlet b = 3\n");
  CHECK(repl.say("a\n"));
  CHECK(repl.last() == "1");
  CHECK_FALSE(repl.say("b\n"));
  CHECK_FALSE(repl.say("let a = a + nosuch\n"));
  CHECK(repl.say("a + 10\n"));
  CHECK(repl.last() == "11");
}

TEST_CASE("undo gives parameters their earlier values, and making them again the same ones") {
  Repl repl;
  CHECK(repl.say("axis D = 4\n"));
  CHECK(repl.say("param W: [D] = normal(0, 1)\n"));
  CHECK(repl.say("show sum[D](W)\n"));
  const std::string first = repl.last();
  CHECK(repl.say("set W = W + 1\n"));
  CHECK(repl.say("show sum[D](W)\n"));
  CHECK(repl.last() != first);
  CHECK(repl.session.undo());
  CHECK(repl.session.undo());
  CHECK(repl.say("show sum[D](W)\n"));
  CHECK(repl.last() == first);
  CHECK(repl.session.undo());
  CHECK(repl.session.undo());  // shown the first time
  CHECK(repl.session.undo());  // and W itself
  CHECK_FALSE(repl.say("show W\n"));
  CHECK(repl.say("param W: [D] = normal(0, 1)\nshow sum[D](W)\n"));
  CHECK(repl.last() == first);
}

TEST_CASE("an evaluation that is stopped leaves no names behind") {
  Repl repl;
  CHECK(repl.say("axis D = 4\n"));
  repl.observer.stop = true;
  CHECK_FALSE(repl.say("let x = ones[D]()\n"));
  repl.observer.stop = false;
  CHECK_FALSE(repl.say("show x\n"));
  CHECK(repl.say("show sum[D](ones[D]())\n"));
  CHECK(repl.last() == "4");
}

TEST_CASE("a type is told without anything being made") {
  Repl repl;
  CHECK(repl.say("axis D = 3, E = 4\n"));
  std::vector<Diagnostic> diagnostics;
  CHECK(repl.session.type_of("ones[D, E]() > 0", diagnostics) == "bool[D = 3, E = 4]");
  const std::size_t actions = repl.session.program().actions.size();
  CHECK(repl.session.type_of("Linear[D -> E]()", diagnostics) == "Linear[D = 3 -> E = 4]");
  CHECK(repl.session.program().actions.size() == actions);
  CHECK(repl.session.type_of("nosuch", diagnostics).empty());
  CHECK(diagnostics.size() == 1);
  CHECK(repl.say("show 1\n"));
}

TEST_CASE("a script declares each name once") {
  CHECK(script_of({"let a = 1", "show a", "let a = 2", "show a"}) == "let a = 2\nshow a\n");
  CHECK(script_of({"let a = 1", "let a = a + 1", "show a"}) == "let a_1 = 1\nlet a = a_1 + 1\nshow a\n");
  CHECK(script_of({"let a = 1", "let b = a", "let a = 2", "b"}) ==
        "let a_1 = 1\nlet b = a_1\nlet a = 2\nshow b\n");
  CHECK(script_of({"let a_1 = 5", "let a = 1", "let a = a"}) == "let a_1 = 5\nlet a_2 = 1\nlet a = a_2\n");
  CHECK(script_of({"axis D = 3", "let x = ones[D]()", "axis D = 4", "show f(D = 1, x = x.D)"}) ==
        "axis D_1 = 3\nlet x = ones[D_1]()\naxis D = 4\nshow f(D = 1, x = x.D)\n");
}

TEST_CASE("functions of a script mean what the names mean last") {
  CHECK(script_of({"let k = 1", "fn f() -> [] { return k }", "let k = 2", "f()"}) ==
        "fn f() -> [] { return k }\nlet k = 2\nshow f()\n");
}

TEST_CASE("trainings stay with the model they trained") {
  CHECK(script_of({"let lm = M()", "train run on d { step { minimize f(lm) over lm using s } }",
                   "let lm = M()", "train run on d { step { minimize g(lm) over lm using s } }"}) ==
        "let lm = M()\ntrain run on d { step { minimize g(lm) over lm using s } }\n");
  CHECK(script_of({"let lm = M()", "train run on d { step { minimize f(lm) over lm using s } }",
                   "train run on d { step { minimize g(lm) over lm using s } }"}) ==
        "let lm = M()\ntrain run_1 on d { step { minimize f(lm) over lm using s } }\ntrain run on d { step { "
        "minimize g(lm) over lm using s } }\n");
}

TEST_CASE("ans gets a name in a script where it is used") {
  CHECK(script_of({"1 + 1", "ans * 2", "show a = ans, ans", "7"}) ==
        "let ans_1 = 1 + 1\nshow ans_1\nlet ans_2 = ans_1 * 2\nshow ans_2\nshow a = ans_2, ans_2\nshow 7\n");
  // Shown of a meaning that is gone.
  CHECK(script_of({"let a = 1", "a + 1", "ans + 1", "let a = 2", "a"}) == "let a = 2\nshow a\n");
  CHECK(script_of({"let ans = 1", "show ans"}) == "let ans = 1\nshow ans\n");
}

TEST_CASE("comments of a session stay with their statements") {
  CHECK(script_of({"# Doubles.\nfn f(x: []) -> [] { return x }   # end\n# one\nlet a = 1 # two\n"}) ==
        "# Doubles.\nfn f(x: []) -> [] { return x }   # end\n# one\nlet a = 1 # two\n");
}

}  // namespace
}  // namespace weft
