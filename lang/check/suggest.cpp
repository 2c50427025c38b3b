#include "lang/check/suggest.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace weft::check {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The type of a tensor that can be used where the program is being read, or null.
const TensorType* type_of(const Elaborator& e, const Value& v) {
  if (const auto* x = as<VariableValue>(v)) {
    return x->of ? nullptr : &e.program().variables[static_cast<std::size_t>(x->variable)].type;
  }
  const auto* t = as<TensorValue>(v);
  return t && t->graph == &e.graph() ? &t->graph->graph->type(t->node) : nullptr;
}

std::string first_name(const Elaborator& e, const std::function<bool(const TensorType&)>& fits) {
  std::string best;
  for (const Scope* s = &e.scope(); s; s = s->parent.get()) {
    for (const auto& [name, binding] : s->names) {
      const TensorType* type = type_of(e, binding.value);
      if (type && fits(*type) && (best.empty() || name < best)) best = name;
    }
  }
  return best;
}

}  // namespace

std::int64_t nearest_divisor(std::int64_t n, std::int64_t m) {
  constexpr std::int64_t kTried = 100'000;  // enough for all divisors of 10^10
  std::int64_t best = 1;
  const auto take = [&](std::int64_t d) {
    const std::int64_t near = std::abs(d - m), so_far = std::abs(best - m);
    if (near < so_far || (near == so_far && d < best)) best = d;
  };
  for (std::int64_t d = 1; d <= kTried && d <= n / d; ++d) {
    if (n % d != 0) continue;
    take(d);
    take(n / d);
  }
  return best;
}

std::optional<Span> number_after(const Sources& sources, Span name) {
  const std::string& text = sources[name.file].text;
  std::size_t at = name.end;
  const auto skip_blanks = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  };
  skip_blanks();
  if (at == text.size() || text[at] != '=') return std::nullopt;
  ++at;
  skip_blanks();
  const std::size_t begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  const std::size_t end = at;
  skip_blanks();
  const bool whole =
      at == text.size() || text[at] == '\n' || text[at] == ',' || text[at] == '#' || text[at] == '\r';
  if (begin == end || !whole) return std::nullopt;
  return Span{name.file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

std::string sides_changed(std::string_view brackets) {
  const auto arrow = brackets.find("->");
  if (brackets.size() < 2 || arrow == std::string_view::npos) return {};
  const auto trimmed = [](std::string_view side) {
    const auto begin = side.find_first_not_of(" \t\n"), end = side.find_last_not_of(" \t\n");
    return begin == std::string_view::npos ? std::string() : std::string(side.substr(begin, end - begin + 1));
  };
  return "[" + trimmed(brackets.substr(arrow + 2, brackets.size() - arrow - 3)) + " -> " +
         trimmed(brackets.substr(1, arrow - 1)) + "]";
}

std::string index_into(const Elaborator& e, AxisId axis) {
  return first_name(e, [&](const TensorType& t) { return t.element == Element{ElementKind::index, axis}; });
}

std::string table_over(const Elaborator& e, AxisId has, AxisId hasnt) {
  return first_name(e, [&](const TensorType& t) {
    return t.element.kind == ElementKind::real && t.has(has) && !t.has(hasnt);
  });
}

}  // namespace weft::check
