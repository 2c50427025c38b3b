#include <algorithm>
#include <charconv>
#include <cmath>

#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"

/// `option`: settings of a script, of a kind that is written or that their default has.
namespace weft::check {

namespace {

/// "int", "real", "bool" or "text"; "" where the value is none of them.
std::string kind_of_option(const Value& v) {
  if (const auto* n = as<NumberValue>(v)) return n->integer ? "int" : "real";
  if (as<BoolValue>(v)) return "bool";
  return as<TextValue>(v) ? "text" : "";
}

const char* what_it_takes(const std::string& kind) {
  return kind == "int"    ? "a whole number"
         : kind == "real" ? "a number"
         : kind == "bool" ? "true or false"
                          : "a text";
}

/// A text given from outside as a value of a kind, or nullopt.
std::optional<Value> parse_option(const std::string& given, const std::string& kind) {
  if (kind == "text") return TextValue{given};
  if (kind == "bool") {
    if (given != "true" && given != "false") return std::nullopt;
    return BoolValue{given == "true"};
  }
  double x = 0;
  const char* const last = given.data() + given.size();
  const auto [end, error] = std::from_chars(given.data(), last, x);
  if (error != std::errc() || end != last) return std::nullopt;
  if (kind == "int" && !(std::abs(x) < 9e15 && x == std::floor(x))) return std::nullopt;
  return NumberValue{x, kind == "int"};
}

}  // namespace

void Elaborator::read(const ast::OptionDecl& d) {
  static const std::vector<std::string> kinds = {"int", "real", "bool", "text"};
  OptionInfo info{d.name.text, evaluate(*d.value), {}, d.help, {}};
  info.kind = kind_of_option(info.value);
  if (info.kind.empty()) {
    if (!is_poison(info.value)) {
      fail(code::not_an_option_value, d.value->span,
           "an option is a number, a text, true or false, not " + kind_of(info.value),
           "not an option's value");
    }
    return declare(d.name, Poison{});
  }
  if (d.type) {
    const std::string& asked = d.type->text;
    if (std::find(kinds.begin(), kinds.end(), asked) == kinds.end()) {
      const std::string near = nearest(asked, kinds);
      fail(code::option_kind, d.type->span, "an option is int, real, bool or text", "no kind of option",
           near.empty() ? "leave it out, and the default tells: " + info.kind
                        : "did you mean `" + near + "`?");
      return declare(d.name, Poison{});
    }
    if (asked == "real" && info.kind == "int") {
      info.kind = "real";
      info.value = NumberValue{as<NumberValue>(info.value)->value, false};
    }
    if (asked != info.kind) {
      fail(code::option_kind, d.value->span,
           "the default of `" + d.name.text + "` is no " + asked + ": it takes " + what_it_takes(asked),
           "is " + info.kind, "", {{d.type->span, "the kind asked for"}});
      return declare(d.name, Poison{});
    }
  }
  info.fallback = info.value;
  if (const auto it = options_.overrides.find(d.name.text); it != options_.overrides.end()) {
    if (auto given = parse_option(it->second, info.kind)) {
      info.value = std::move(*given);
    } else {
      const std::string fallback(sources_.text(d.value->span));
      fail(code::option_value, d.name.span,
           "option `" + d.name.text + "` takes " + what_it_takes(info.kind) + ", got \"" + it->second + "\"",
           "declared here as " + fallback, "--" + d.name.text + " " + fallback + " would be one");
    }
  }
  option_infos_.push_back(info);
  declare(d.name, info.value);
}

}  // namespace weft::check
