#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "lang/syntax/token.h"
#include "tests/catch2.h"

/// The grammar that editors colour by knows the words of the language, all of them and no others.

namespace {

nlohmann::json read_json(const std::string& path) {
  std::ifstream in(std::string(WEFT_SOURCE_DIR) + "/lang/editors/" + path);
  REQUIRE(in);
  return nlohmann::json::parse(in);
}

/// The words of the group `(a|b|c)` in a pattern.
std::set<std::string> words_of(const std::string& pattern) {
  static const std::regex kGroup("\\(([a-z]+(\\|[a-z]+)*)\\)");
  std::set<std::string> words;
  for (std::sregex_iterator group(pattern.begin(), pattern.end(), kGroup), end; group != end; ++group) {
    static const std::regex kWord("[a-z]+");
    const std::string list = (*group)[1];
    for (std::sregex_iterator word(list.begin(), list.end(), kWord); word != end; ++word)
      words.insert(word->str());
  }
  return words;
}

}  // namespace

TEST_CASE("the TextMate grammar has the keywords of the lexer") {
  const nlohmann::json grammar = read_json("textmate/weft.tmLanguage.json");
  std::set<std::string> coloured;
  for (const auto& pattern : grammar.at("repository").at("keyword").at("patterns")) {
    for (const std::string& word : words_of(pattern.at("match"))) {
      INFO(word);
      CHECK(coloured.insert(word).second);  // once
    }
  }
  const auto& all = weft::syntax::keyword_words();
  CHECK(coloured == std::set<std::string>(all.begin(), all.end()));
  for (const char* rule : {"declaration", "train"}) {
    const auto& entry = grammar.at("repository").at(rule);
    const auto& patterns = entry.contains("patterns") ? entry.at("patterns") : nlohmann::json::array({entry});
    for (const auto& pattern : patterns) {
      for (const std::string& word : words_of(pattern.at("match"))) {
        INFO(word);
        CHECK(weft::syntax::keyword(word));
      }
    }
  }
  for (const auto& included : grammar.at("patterns")) {
    const std::string name = included.at("include").get<std::string>().substr(1);
    INFO(name);
    CHECK(grammar.at("repository").contains(name));
  }
}

TEST_CASE("the VS Code extension names files that are there") {
  const nlohmann::json package = read_json("vscode/package.json");
  CHECK(package.at("contributes").at("grammars")[0].at("scopeName") ==
        read_json("textmate/weft.tmLanguage.json").at("scopeName"));
  const auto there = [](const std::string& path) {
    return std::ifstream(std::string(WEFT_SOURCE_DIR) + "/lang/editors/vscode/" + path).good();
  };
  CHECK(there(package.at("contributes").at("grammars")[0].at("path")));
  CHECK(there(package.at("main")));
  CHECK(read_json("vscode/" +
                  package.at("contributes").at("languages")[0].at("configuration").get<std::string>())
            .at("comments")
            .at("lineComment") == "#");
}
