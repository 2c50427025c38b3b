#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/catch2.h"
#include "tests/lang/checked.h"

/// Everyday mistakes: each gives one error at the right place, and what that proposes, pasted, compiles.
namespace weft {
namespace {

/// `marked`: what the error is about, as written.
void mends(const std::string& source, const std::string& code, const std::string& marked,
           const std::string& help) {
  const Checked wrong(source);
  INFO(source << "\n" << wrong.told());
  REQUIRE(wrong.found().size() == 1);
  const Diagnostic& d = wrong.found()[0];
  CHECK(d.code == code);
  CHECK(wrong.sources().text(d.span) == marked);
  CHECK(d.help == help);
  REQUIRE(d.fix);
  CHECK(d.help.find(d.fix->text) != std::string::npos);
  const Checked mended(wrong.mended());
  INFO(wrong.mended() << "\n" << mended.told());
  CHECK_FALSE(has_errors(mended.found()));
}

const std::string kTexts = R"(
axis B, T, E = 8
data texts = tsv[B: 4, T: 5]("x.tsv")
axis V = texts.vocab, Class = texts.classes
)";

std::string training(const std::string& columns, const std::string& loss, const std::string& optimizer,
                     const std::string& settings) {
  return kTexts + "param words: [V, Class] = zeros()\ntrain run on texts.train as (" + columns +
         ") {\n  step { minimize " + loss + " over words using " + optimizer + " }\n  " + settings + "\n}\n";
}

const char* const kLoss = "mean[B](cross_entropy[Class](mean[T](at[V](words, x)), y))";

TEST_CASE("two axes changed round") {
  mends(R"(
axis T = 5, E = 8, H = 6, V = 10
let rnn = GRU[E -> H]()
let out = Linear[V -> H]()
show zeros[T, E]() |> rnn[T] |> out
)",
        "E0206", "zeros[T, E]() |> rnn[T]", "write Linear[H -> V], the other way round");
  mends(R"(
axis T = 3, S = labels("a", "b"), A = labels("x", "y", "z")
param Q: [S, A] = zeros()
let s = argmax[S](zeros[T, S]())
let a = argmax[A](zeros[T, A]())
show at[A, S](Q, s, a)
)",
        "E0212", "s", "write at[S, A](...)");
}

TEST_CASE("a prime forgotten") {
  mends("axis H = 3\nparam U: [H, H] = orthogonal()\nshow U\n", "E0205", "H",
        "if a second one of its extent is meant, write H'");
  mends(
      "axis T = 3\nfn scores(x: [T], seen: bool[T, T]) -> [T, T'] { return where(seen, x, 0) }\n"
      "show scores(zeros[T](), zeros[T, T']() < 1)\n",
      "E0205", "T", "if a second one of its extent is meant, write T'");
}

TEST_CASE("an axis used twice in a tensor") {
  mends("axis D = 3\nshow zeros[D, D]()\n", "E0205", "D", "if a second one of its extent is meant, write D'");
}

TEST_CASE("a word index in a tag table") {
  const std::string both = R"(
axis Word = labels("a", "b", "c"), Tag = labels("x", "y"), T = 4, D = 3
param words: [Word, D] = zeros()
param tags: [Tag, D] = zeros()
let word = argmax[Word](zeros[T, Word]())
)";
  mends(both + "show at[Tag](tags, word), words\n", "E0212", "word", "write at[Word](words, ...)");
  mends(
      both +
          "let tag = argmax[Tag](zeros[T, Tag]())\nfn look(x: Tag[T]) -> [T, D] { return at[Tag](tags, x) }\n"
          "show look(word), tag, words\n",
      "E0212", "word", "did you mean `tag`?");
  mends(training("x = text, y = label", "mean[B](cross_entropy[Class](mean[T](at[V](words, x)), x))",
                 "sgd(0.1)", "steps = 2"),
        "E0212", "x", "did you mean `y`?");
}

TEST_CASE("a misspelt option") {
  mends("option epochs = 5\nshow epohcs + 1\n", "E0201", "epohcs", "did you mean `epochs`?");
}

TEST_CASE("a misspelt column") {
  mends(training("x = text, y = lable", kLoss, "sgd(0.1)", "steps = 2"), "E0405", "lable",
        "did you mean `label`?");
}

TEST_CASE("a misspelt argument of an optimizer") {
  mends(training("x = text, y = label", kLoss, "adam(0.1, beta_1 = 0.5)", "steps = 2"), "E0303",
        "beta_1 = 0.5", "did you mean `beta1`?");
}

TEST_CASE("a misspelt setting of a training") {
  mends(training("x = text, y = label", kLoss, "sgd(0.1)", "epoch = 2"), "E0404", "epoch = 2",
        "did you mean `epochs`?");
}

TEST_CASE("a misspelt label") {
  mends("axis Class = labels(\"neg\", \"pos\")\nshow at[Class](zeros[Class](), \"pso\")\n", "E0233",
        "\"pso\"", "did you mean \"pos\"?");
}

TEST_CASE("a division that leaves a remainder") {
  mends("axis D = 256, Head = 7\naxis K = D / Head\nshow K\n", "E0210", "D / Head",
        "write Head = 8, which leaves none");
  mends("axis D = 10\naxis K = D / 3\nshow K\n", "E0210", "D / 3", "it would leave none with 2");
}

TEST_CASE("an import cycle") {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "weft_cycle_XXXXXX").string();
  REQUIRE(mkdtemp(name.data()));
  const fs::path folder = name;
  const auto write = [&](const char* file, const std::string& text) { std::ofstream(folder / file) << text; };
  const std::string main = "import \"part.weft\"\nshow part\n";
  write("main.weft", main);
  write("part.weft", "import \"main.weft\"\nlet part = 1\n");
  const Checked wrong(main, (folder / "main.weft").string());
  INFO(wrong.told());
  REQUIRE(wrong.found().size() == 1);
  const Diagnostic& d = wrong.found()[0];
  CHECK(d.code == "E0428");
  CHECK(wrong.sources()[d.span.file].name == (folder / "part.weft").string());
  CHECK(wrong.sources().text(d.span) == "import \"main.weft\"");
  REQUIRE(d.fix);
  std::string part = wrong.sources()[d.fix->span.file].text;
  write("part.weft", part.replace(d.fix->span.begin, d.fix->span.end - d.fix->span.begin, d.fix->text));
  const Checked mended(main, (folder / "main.weft").string());
  INFO(mended.told());
  CHECK(mended.found().empty());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace weft
