#include "lang/explain/explain.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "tests/catch2.h"
#include "tests/lang/checked.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = WEFT_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The constants of a header of codes: "E0204" by its name in C++.
std::map<std::string, std::string> codes_in(const fs::path& header) {
  const std::string text = text_of(header);
  const std::regex row(R"((\w+)(\[\])? = "([EW]\d{4})\")");
  std::map<std::string, std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) out[(*it)[1]] = (*it)[3];
  return out;
}

std::map<std::string, std::string> all_codes() {
  auto out = codes_in(kRoot / "lang/syntax/syntax_codes.h");
  for (const auto& [name, code] : codes_in(kRoot / "lang/check/codes.h")) {
    if (code.rfind("E01", 0) != 0) out["code::" + name] = code;  // else the parser's, for what it tells first
  }
  return out;
}

template <class Visit>
void for_each_file(const fs::path& folder, const std::set<std::string>& extensions, Visit visit) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && extensions.count(entry.path().extension().string())) visit(entry.path());
  }
}

std::set<std::string> codes_of(const std::vector<Diagnostic>& all) {
  std::set<std::string> out;
  for (const Diagnostic& d : all) out.insert(d.code);
  return out;
}

/// What needs more than one file, the command line or a very large source to show.
const std::set<std::string> kWithoutExample = {"E0109", "E0119", "E0330", "E0331", "E0409",
                                               "E0428", "E0438", "E0439", "E0440"};

TEST_CASE("every code has one explanation, and every explanation is of a code") {
  std::set<std::string> declared, explained;
  for (const auto& [name, code] : all_codes()) {
    INFO(name << " is " << code);
    CHECK(declared.insert(code).second);
  }
  for (const Explanation& e : explanations()) {
    INFO(e.code);
    CHECK(explained.insert(e.code).second);
    CHECK(std::string(e.title).back() != '.');
    CHECK(std::string(e.title).find('\n') == std::string::npos);
    CHECK(std::string(e.text).size() > 30);
  }
  for (const std::string& code : declared) {
    INFO(code << " has no entry in lang/explain");
    CHECK(explained.count(code) == 1);
  }
  for (const std::string& code : explained) {
    INFO(code << " is in neither codes.h nor syntax_codes.h");
    CHECK(declared.count(code) == 1);
  }
}

TEST_CASE("every code is used, and none is written out elsewhere") {
  std::string sources;
  const std::regex literal(R"re("[EW]\d{4}")re");
  for_each_file(kRoot / "lang", {".cpp", ".h"}, [&](const fs::path& path) {
    if (path.parent_path().filename() == "explain" || path.filename() == "codes.h" ||
        path.filename() == "syntax_codes.h") {
      return;
    }
    const std::string text = text_of(path);
    INFO(path);
    if (path.filename() != "diagnostic.h") CHECK_FALSE(std::regex_search(text, literal));
    sources += text;
  });
  for (const auto& [name, code] : all_codes()) {
    const std::string used = name.rfind("code::", 0) == 0 ? name : "syntax_code::" + name;
    INFO(used << " (" << code << ") is used nowhere");
    CHECK(std::regex_search(sources, std::regex(used + "\\b")));
  }
}

TEST_CASE("every code has a script that shows it") {
  std::string shown;
  for_each_file(kRoot / "tests/scripts", {".err", ".out"},
                [&](const fs::path& path) { shown += text_of(path); });
  for (const Explanation& e : explanations()) {
    INFO(e.code);
    CHECK(shown.find(std::string("[") + e.code + "]:") != std::string::npos);
  }
}

TEST_CASE("the wrong example of an explanation has that fault and no other") {
  for (const Explanation& e : explanations()) {
    if (kWithoutExample.count(e.code)) {
      CHECK(std::string(e.wrong).empty());
      continue;
    }
    const Checked wrong(e.wrong);
    INFO(e.code << "\n" << e.wrong << "\n" << wrong.told());
    CHECK(codes_of(wrong.found()) == std::set<std::string>{e.code});
    CHECK(wrong.found().size() == 1);
  }
}

TEST_CASE("the mended example of an explanation has neither faults nor warnings") {
  for (const Explanation& e : explanations()) {
    const Checked mended(e.mended);
    INFO(e.code << "\n" << e.mended << "\n" << mended.told());
    CHECK(mended.found().empty());
  }
}

TEST_CASE("what a diagnostic proposes to write mends it") {
  int fixes = 0;
  for (const Explanation& e : explanations()) {
    const Checked wrong(e.wrong);
    if (wrong.found().size() != 1 || !wrong.found()[0].fix) continue;
    ++fixes;
    const Checked mended(wrong.mended());
    INFO(e.code << "\n" << wrong.mended() << "\n" << mended.told());
    CHECK_FALSE(has_errors(mended.found()));
    CHECK(codes_of(mended.found()).count(e.code) == 0);
    CHECK(wrong.found()[0].help.find(wrong.found()[0].fix->text) != std::string::npos);
  }
  CHECK(fixes >= 20);
}

TEST_CASE("a code is found in either case, and a misspelt one has a neighbour") {
  REQUIRE(find_explanation("e0204"));
  CHECK(find_explanation("e0204")->code == std::string("E0204"));
  CHECK(find_explanation("W0506"));
  CHECK_FALSE(find_explanation("E9999"));
  CHECK(nearest_code("e02044") == "E0204");
  CHECK(nearest_code("something").empty());
}

TEST_CASE("a long form keeps to 80 columns and shows both examples") {
  for (const Explanation& e : explanations()) {
    const std::string form = long_form(e);
    INFO(form);
    CHECK(form.rfind(std::string(e.code) + ": " + e.title + "\n", 0) == 0);
    CHECK(form.back() == '\n');
    std::size_t column = 0;
    bool example = false;
    for (std::size_t at = 0; at < form.size(); at = column) {
      column = form.find('\n', at) + 1;
      const std::string line = form.substr(at, column - at - 1);
      example = example || line == "Wrong:";
      if (!example && line.rfind(e.code, 0) != 0) CHECK(line.size() <= 80);
    }
    CHECK(example == (*e.wrong != 0));
  }
}

}  // namespace
}  // namespace weft
