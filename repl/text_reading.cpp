#include "repl/text_reading.h"

#include "repl/interrupt.h"
#include "repl/usage.h"

namespace weft::repl {

namespace {

constexpr const char* kInvalid =
    "What to do about bytes that are not UTF-8, and NULs: error, replace or skip";
constexpr const char* kExpansion = "How many times its size a packed file may unpack to";

}  // namespace

corpora::TextOptions TextReading::options(ReadingProgress* progress) const {
  corpora::TextOptions out;
  if (invalid == "replace") out.invalid = corpora::Invalid::replace;
  if (invalid == "skip") out.invalid = corpora::Invalid::skip;
  out.expansion.most_expansion = expansion;
  out.watch = [progress](std::int64_t read, std::int64_t of) {
    if (progress) progress->show(read, of);
    return Interrupt::requested();
  };
  return out;
}

void add_text_reading(CLI::App& app, TextReading& reading) {
  app.add_option("--invalid", reading.invalid, kInvalid)
      ->type_name("POLICY")
      ->capture_default_str()
      ->check(one_of({"error", "replace", "skip"}));
  app.add_option("--expansion", reading.expansion, kExpansion)
      ->type_name("N")
      ->capture_default_str()
      ->check(number_at_least(1));
}

void add_text_reading(RecipeOptions& options, TextReading& reading) {
  options.choice("invalid", reading.invalid, {"error", "replace", "skip"}, kInvalid);
  options.real("expansion", reading.expansion, 1, 1e12, kExpansion);
}

}  // namespace weft::repl
