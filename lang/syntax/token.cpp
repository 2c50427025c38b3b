#include "lang/syntax/token.h"

#include <algorithm>
#include <unordered_map>

#include "lang/concat.h"
#include "lang/utf8.h"

namespace weft::syntax {
namespace {

const std::unordered_map<std::string_view, Kind>& keywords() {
  static const std::unordered_map<std::string_view, Kind> words{{"axis", Kind::kw_axis},
                                                                {"option", Kind::kw_option},
                                                                {"data", Kind::kw_data},
                                                                {"let", Kind::kw_let},
                                                                {"param", Kind::kw_param},
                                                                {"fn", Kind::kw_fn},
                                                                {"model", Kind::kw_model},
                                                                {"train", Kind::kw_train},
                                                                {"step", Kind::kw_step},
                                                                {"minimize", Kind::kw_minimize},
                                                                {"validate", Kind::kw_validate},
                                                                {"show", Kind::kw_show},
                                                                {"save", Kind::kw_save},
                                                                {"plot", Kind::kw_plot},
                                                                {"explain", Kind::kw_explain},
                                                                {"expect", Kind::kw_expect},
                                                                {"return", Kind::kw_return},
                                                                {"next", Kind::kw_next},
                                                                {"import", Kind::kw_import},
                                                                {"set", Kind::kw_set},
                                                                {"freeze", Kind::kw_freeze},
                                                                {"if", Kind::kw_if},
                                                                {"else", Kind::kw_else},
                                                                {"scan", Kind::kw_scan},
                                                                {"repeat", Kind::kw_repeat},
                                                                {"over", Kind::kw_over},
                                                                {"using", Kind::kw_using},
                                                                {"on", Kind::kw_on},
                                                                {"as", Kind::kw_as},
                                                                {"to", Kind::kw_to},
                                                                {"and", Kind::kw_and},
                                                                {"or", Kind::kw_or},
                                                                {"not", Kind::kw_not}};
  return words;
}

}  // namespace

std::optional<Kind> keyword(std::string_view word) {
  const auto found = keywords().find(word);
  if (found == keywords().end()) return std::nullopt;
  return found->second;
}

const std::vector<std::string>& keyword_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> all;
    for (const auto& [word, kind] : keywords()) all.emplace_back(word);
    std::sort(all.begin(), all.end());
    return all;
  }();
  return words;
}

const std::vector<std::string>& statement_words() {
  static const std::vector<std::string> words{"axis",  "option", "data",     "let",      "param",  "fn",
                                              "model", "train",  "step",     "show",     "plot",   "explain",
                                              "if",    "save",   "minimize", "validate", "expect", "return",
                                              "next",  "import", "set",      "freeze"};
  return words;
}

std::string describe(const Token& token) {
  if (token.kind == Kind::end || token.text.empty()) return "the end of the text";
  constexpr std::size_t longest = 30;
  std::size_t cut = 0;
  while (cut < token.text.size() && cut < longest) cut += decode_utf8(token.text, cut).length;
  std::string text(token.text.substr(0, cut));
  if (cut < token.text.size()) text += "...";
  return concat("`", text, "`");
}

}  // namespace weft::syntax
