#include <algorithm>

#include "lang/session.h"
#include "tests/catch2.h"

namespace weft {
namespace {

/// Asks to stop at one of its turns.
class Impatient : public Observer {
 public:
  explicit Impatient(int turn) : turn_(turn) {}
  void show(const std::string&) override {}
  void progress(const Progress&) override {}
  void note(const std::string& line) override { notes.push_back(line); }
  bool interrupted() override { return asked_++ >= turn_; }

  bool noted(const std::string& text) const {
    return std::any_of(notes.begin(), notes.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
  }
  std::vector<std::string> notes;

 private:
  int turn_, asked_ = 0;
};

const std::string kProgram = R"(
axis B, T
data book = lines[B: 64, T: 60](")" +
                             std::string(WEFT_SOURCE_DIR) + R"(/corpora/samples/english.txt", holdout = 0.2)
axis V = book.vocab
param w: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T]((at[V](w, x) - 1) ^ 2) over w using sgd(1) }
  validate on book.valid { show loss = mean[B, T]((at[V](w, x) - 1) ^ 2) }
  steps = 2
}
)";

}  // namespace

TEST_CASE("interrupts take effect wherever they come: in opening, training and validation") {
  bool opening = false, training = false, validation = false;
  Outcome outcome = Outcome::interrupted;
  int turn = 0;
  for (; outcome == Outcome::interrupted && turn < 200; ++turn) {
    Impatient observer(turn);
    Session session({{1, 1, DType::f32}, {}, false}, observer);
    REQUIRE(session.read("test.weft", kProgram).empty());
    outcome = session.run();
    const bool opened = observer.noted("training tokens"),
               steps = observer.noted("; the model keeps") && !observer.noted("in the validation"),
               validated = observer.noted("in the validation");
    opening = opening || (!opened && observer.noted("interrupted"));
    training = training || steps;
    validation = validation || validated;
  }
  CHECK(outcome == Outcome::done);
  CHECK(opening);
  CHECK(training);
  CHECK(validation);
}

}  // namespace weft
