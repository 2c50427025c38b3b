#include <algorithm>

#include "lang/check/elaborator.h"
#include "lang/service/document.h"
#include "lang/service/library.h"
#include "lang/syntax/letters.h"
#include "lang/syntax/lexer.h"
#include "lang/utf8.h"

namespace weft::service {

namespace {

using syntax::Kind;
using syntax::Token;

bool in_name(char32_t c) {
  return syntax::is_letter(c) || (c >= '0' && c <= '9');
}

/// What stands before the place: the tokens up to it, and the bracket it is in.
struct Before {
  std::vector<Token> tokens;      // without the end and without the word that is being written
  std::vector<std::size_t> open;  // indices of brackets that are open at the place
  bool quiet = false;             // in a comment or a text
};

Before look_before(const std::string& text, std::uint32_t from) {
  Before before;
  const std::string_view start = std::string_view(text).substr(0, from);
  const syntax::Lexed lexed = syntax::lex(start, 0);
  const std::size_t newline = start.rfind('\n');
  const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
  before.quiet = lexed.text_open_at_end ||
                 std::any_of(lexed.comments.begin(), lexed.comments.end(), [&](const syntax::Comment& c) {
                   return c.span.end >= from && c.span.begin >= line;
                 });
  for (const Token& t : lexed.tokens) {
    if (t.kind == Kind::end) break;
    if (syntax::opens(t.kind)) before.open.push_back(before.tokens.size());
    if (syntax::closes(t.kind) && !before.open.empty()) before.open.pop_back();
    before.tokens.push_back(t);
  }
  return before;
}

/// The name before an opening bracket, its own brackets passed over: `f` of `f[T](`.
std::optional<std::uint32_t> callee_of(const Before& before, std::size_t bracket) {
  std::size_t i = bracket;
  int depth = 0;
  while (i-- > 0) {
    const Kind kind = before.tokens[i].kind;
    if (kind == Kind::right_bracket) ++depth;
    if (depth == 0) break;
    if (kind == Kind::left_bracket && --depth == 0) {
      if (i == 0) return std::nullopt;
      --i;
      break;
    }
  }
  if (bracket == 0 || i >= before.tokens.size() || before.tokens[i].kind != Kind::name) return std::nullopt;
  return before.tokens[i].span.begin;
}

/// Arguments that a callee takes by name.
std::vector<Name> arguments_of(const check::Value& callee, const Document& document) {
  const std::vector<ast::Parameter>* parameters = nullptr;
  if (const auto* f = check::as<check::FunctionValue>(callee)) parameters = &f->declaration->parameters;
  if (const auto* m = check::as<check::MethodValue>(callee)) parameters = &m->declaration->parameters;
  if (const auto* m = check::as<check::ModelValue>(callee)) parameters = &m->declaration->parameters;
  std::vector<Name> out;
  if (parameters) {
    for (const ast::Parameter& p : *parameters) {
      out.push_back({p.name.text, NameKind::argument, std::string(document.sources().text(p.span)), "",
                     p.name.span, check::Poison{}});
    }
  } else if (const auto* b = check::as<check::BuiltinValue>(callee)) {
    // "words(min_count, normalize, fold_case, locale)  ..."
    const std::string& help = b->builtin->help;
    const auto open = help.find('('), close = help.find(')');
    if (open == std::string::npos || close == std::string::npos || close < open) return out;
    std::string word;
    for (std::size_t i = open + 1; i <= close; ++i) {
      if (help[i] != ',' && help[i] != ')') {
        if (help[i] != ' ') word += help[i];
        continue;
      }
      const bool plain = word.size() > 1 && std::all_of(word.begin(), word.end(), [](char c) {
                           return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                         });
      if (plain) out.push_back({word, NameKind::argument, "", "", {}, check::Poison{}});
      word.clear();
    }
  }
  return out;
}

std::vector<Name> reader_arguments(std::string_view reader) {
  std::vector<Name> out;
  const corpora::ReaderSchema* schema = corpora::find_reader(reader);
  if (!schema) return out;
  for (const corpora::ArgumentSchema& a : schema->arguments) {
    out.push_back({a.name, NameKind::argument, "", a.help, {}, check::Poison{}});
  }
  return out;
}

}  // namespace

std::pair<std::uint32_t, std::uint32_t> word_at(std::string_view text, std::uint32_t offset) {
  offset = std::min(offset, static_cast<std::uint32_t>(text.size()));
  std::uint32_t begin = offset, end = offset;
  while (begin > 0) {
    std::uint32_t at = begin - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    if (!in_name(decode_utf8(text, at).value)) break;
    begin = at;
  }
  while (end < text.size()) {
    const Utf8Character c = decode_utf8(text, end);
    if (!in_name(c.value)) break;
    end += c.length;
  }
  return {begin, end};
}

Completion complete(const std::string& name, const std::string& text, std::uint32_t offset,
                    std::map<std::string, std::string> files) {
  offset = std::min(offset, static_cast<std::uint32_t>(text.size()));
  Completion out;
  out.from = word_at(text, offset).first;
  if (out.from < text.size() && text[out.from] >= '0' && text[out.from] <= '9' && out.from < offset)
    return out;
  const Before before = look_before(text, out.from);
  if (before.quiet) return out;

  // A name put where the next one would be makes the statement whole, so that it can be checked.
  std::string whole = text;
  const bool written = word_at(text, offset).second > out.from;
  if (!written) whole.insert(offset, "_");
  const Document document(name, whole, std::move(files));

  const auto ends_with = [&](Kind kind) {
    return !before.tokens.empty() && before.tokens.back().kind == kind;
  };
  if (ends_with(Kind::dot)) {
    out.names = members_of(document.owner_at(out.from), document.program(), document.sources());
    const std::size_t n = before.tokens.size();
    if (n >= 3 && before.tokens[n - 2].text == "std" && before.tokens[n - 3].kind == Kind::kw_import) {
      for (const StandardSource& part : standard_library()) {
        out.names.push_back({std::string(part.name.substr(part.name.find('.') + 1)),
                             NameKind::other,
                             "",
                             summary_of(part.text),
                             {},
                             check::Poison{}});
      }
    }
    return out;
  }
  const std::vector<Name> names = document.names_at(out.from);
  const Kind bracket = before.open.empty() ? Kind::end : before.tokens[before.open.back()].kind;
  if (bracket == Kind::left_bracket && !ends_with(Kind::colon)) {
    std::copy_if(names.begin(), names.end(), std::back_inserter(out.names),
                 [](const Name& n) { return n.kind == NameKind::axis; });
    return out;
  }
  if (bracket == Kind::left_paren && (ends_with(Kind::left_paren) || ends_with(Kind::comma))) {
    if (const auto begin = callee_of(before, before.open.back())) {
      const auto [from, to] = word_at(text, *begin);
      const std::string callee = text.substr(from, to - from);
      const auto known =
          std::find_if(names.begin(), names.end(), [&](const Name& n) { return n.text == callee; });
      if (known != names.end()) out.names = arguments_of(known->value, document);
      if (out.names.empty()) out.names = reader_arguments(callee);
    }
  }
  out.names.insert(out.names.end(), names.begin(), names.end());
  std::erase_if(out.names, [](const Name& n) { return n.text == "_"; });
  const bool in_data =
      std::any_of(before.tokens.rbegin(), before.tokens.rend(),
                  [&, n = 0](const Token& t) mutable { return ++n <= 3 && t.kind == Kind::kw_data; });
  if (in_data) {
    for (Name& r : readers()) out.names.push_back(std::move(r));
  }
  for (Name& k : keywords()) out.names.push_back(std::move(k));
  return out;
}

}  // namespace weft::service
