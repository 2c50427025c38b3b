#include "tensor/extent.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace weft {

namespace {

// Beyond this an extent is a mistake or an attack: (A + B) * (C + D) * ... doubles with every factor.
constexpr std::size_t kMaxTerms = 4096;

std::int64_t checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) throw std::overflow_error("[extent] the extent is too large");
  return sum;
}

std::int64_t checked_mul(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) throw std::overflow_error("[extent] the extent is too large");
  return product;
}

/// Sorts by factors, joins like terms and drops those that cancel out.
std::vector<Extent::Term> canonical(std::vector<Extent::Term> terms) {
  std::sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return a.factors < b.factors; });
  std::vector<Extent::Term> joined;
  for (auto& term : terms) {
    if (!joined.empty() && joined.back().factors == term.factors) {
      joined.back().coefficient = checked_add(joined.back().coefficient, term.coefficient);
    } else {
      joined.push_back(std::move(term));
    }
    if (joined.back().coefficient == 0) joined.pop_back();
  }
  return joined;
}

/// term / divisor where it divides without remainder for every binding.
std::optional<Extent::Term> divide_term(const Extent::Term& term, const Extent::Term& divisor) {
  if (term.coefficient % divisor.coefficient != 0) return std::nullopt;
  Extent::Term quotient{{}, term.coefficient / divisor.coefficient};
  auto d = divisor.factors.begin();
  for (SymbolId factor : term.factors) {
    if (d != divisor.factors.end() && *d == factor) {
      ++d;
    } else {
      quotient.factors.push_back(factor);
    }
  }
  if (d != divisor.factors.end()) return std::nullopt;
  return quotient;
}

Extent to_extent(const Extent::Term& term) {
  Extent e(term.coefficient);
  for (SymbolId s : term.factors) e = e * Extent(s);
  return e;
}

}  // namespace

Extent::Extent(std::int64_t value) {
  if (value != 0) terms_.push_back({{}, value});
}

Extent::Extent(SymbolId symbol) {
  terms_.push_back({{symbol}, 1});
}

std::optional<SymbolId> Extent::symbol() const {
  if (terms_.size() != 1 || terms_[0].coefficient != 1 || terms_[0].factors.size() != 1) return std::nullopt;
  return terms_[0].factors[0];
}

std::optional<std::int64_t> Extent::constant() const {
  if (terms_.empty()) return 0;
  if (terms_.size() == 1 && terms_[0].factors.empty()) return terms_[0].coefficient;
  return std::nullopt;
}

Extent operator+(const Extent& a, const Extent& b) {
  Extent sum;
  std::vector<Extent::Term> terms = a.terms_;
  terms.insert(terms.end(), b.terms_.begin(), b.terms_.end());
  sum.terms_ = canonical(std::move(terms));
  return sum;
}

Extent operator-(const Extent& a, const Extent& b) {
  return a + Extent(-1) * b;
}

Extent operator*(const Extent& a, const Extent& b) {
  if (a.terms_.size() * b.terms_.size() > kMaxTerms) {
    throw std::overflow_error("[extent] the extent has too many terms");
  }
  Extent product;
  std::vector<Extent::Term> terms;
  for (const auto& x : a.terms_) {
    for (const auto& y : b.terms_) {
      if (x.factors.size() + y.factors.size() > kMaxTerms) {
        throw std::overflow_error("[extent] the extent has too many factors");
      }
      Extent::Term term{x.factors, checked_mul(x.coefficient, y.coefficient)};
      term.factors.insert(term.factors.end(), y.factors.begin(), y.factors.end());
      std::sort(term.factors.begin(), term.factors.end());
      terms.push_back(std::move(term));
    }
  }
  product.terms_ = canonical(std::move(terms));
  return product;
}

void Bindings::bind(SymbolId symbol, std::int64_t value) {
  const auto i = static_cast<std::size_t>(symbol);
  if (i >= values_.size()) values_.resize(i + 1, -1);
  values_[i] = value;
}

std::optional<std::int64_t> Bindings::value(SymbolId symbol) const {
  const auto i = static_cast<std::size_t>(symbol);
  if (i >= values_.size() || values_[i] < 0) return std::nullopt;
  return values_[i];
}

void Bindings::release(SymbolId symbol) {
  const auto i = static_cast<std::size_t>(symbol);
  if (i < values_.size()) values_[i] = -1;
  // Equal bindings are equal vectors, whatever was bound in between.
  while (!values_.empty() && values_.back() < 0) values_.pop_back();
}

SymbolId SymbolTable::fresh(std::string name) {
  symbols_.push_back({std::move(name), false, false, {}, {}});
  return static_cast<SymbolId>(symbols_.size() - 1);
}

const std::string& SymbolTable::name(SymbolId symbol) const {
  return symbols_.at(static_cast<std::size_t>(symbol)).name;
}

std::optional<Extent> SymbolTable::divide(const Extent& numerator, const Extent& denominator) {
  if (denominator.terms().empty()) return std::nullopt;
  if (numerator.terms().empty()) return Extent(0);
  if (numerator == denominator) return Extent(1);

  if (denominator.terms().size() == 1) {
    const auto& divisor = denominator.terms()[0];
    if (divisor.coefficient == 0) return std::nullopt;
    Extent quotient;
    int left = 0;                // terms that do not divide
    bool constant_left = false;  // the constant term among them
    for (const auto& term : numerator.terms()) {
      if (auto q = divide_term(term, divisor)) {
        quotient = quotient + to_extent(*q);
      } else {
        ++left;
        constant_left = constant_left || term.factors.empty();
      }
    }
    if (left == 0) return quotient;
    // 2 * T + 1 over 2: every binding leaves a remainder.
    if (divisor.factors.empty() && left == 1 && constant_left) return std::nullopt;
  } else if (numerator.terms().size() == denominator.terms().size()) {
    if (auto q = divide_term(numerator.terms()[0], denominator.terms()[0])) {
      const Extent factor = to_extent(*q);
      if (factor * denominator == numerator) return factor;
    }
  }

  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    const Symbol& s = symbols_[i];
    if (s.quotient && !s.floor && s.numerator == numerator && s.denominator == denominator) {
      return Extent(static_cast<SymbolId>(i));
    }
  }
  const auto bracketed = [this](const Extent& e, bool products) {
    const bool simple = e.terms().size() == 1 &&
                        (products || e.constant() || e.terms()[0].factors.size() == 1) &&
                        (products || e.constant() || e.terms()[0].coefficient == 1);
    return simple ? describe(e) : std::string("(").append(describe(e)).append(")");
  };
  std::string name = bracketed(numerator, true) + " / " + bracketed(denominator, false);
  symbols_.push_back({std::move(name), true, false, numerator, denominator});
  return Extent(static_cast<SymbolId>(symbols_.size() - 1));
}

Extent SymbolTable::floor_divide(const Extent& numerator, std::int64_t denominator) {
  if (const auto n = numerator.constant()) {
    const std::int64_t quotient = *n / denominator;
    return quotient - (*n % denominator < 0 ? 1 : 0);
  }
  // Whole multiples come out in front: floor((2 T + 3) / 2) = T + floor(3 / 2).
  Extent whole, rest;
  for (const Extent::Term& term : numerator.terms()) {
    const bool divides = !term.factors.empty() && term.coefficient % denominator == 0;
    if (divides) {
      whole = whole + to_extent({term.factors, term.coefficient / denominator});
    } else {
      rest = rest + to_extent(term);
    }
  }
  if (const auto n = rest.constant()) return whole + floor_divide(Extent(*n), denominator);
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    const Symbol& s = symbols_[i];
    if (s.floor && s.numerator == rest && s.denominator == Extent(denominator))
      return whole + Extent(static_cast<SymbolId>(i));
  }
  symbols_.push_back({"floor((" + describe(rest) + ") / " + std::to_string(denominator) + ")", true, true,
                      rest, Extent(denominator)});
  return whole + Extent(static_cast<SymbolId>(symbols_.size() - 1));
}

std::optional<std::int64_t> SymbolTable::evaluate(const Extent& extent, const Bindings& bindings) const {
  std::int64_t sum = 0;
  for (const auto& term : extent.terms()) {
    std::int64_t product = term.coefficient;
    for (SymbolId id : term.factors) {
      std::optional<std::int64_t> value;
      const Symbol& s = symbols_.at(static_cast<std::size_t>(id));
      if (s.quotient) {
        const auto n = evaluate(s.numerator, bindings);
        const auto d = evaluate(s.denominator, bindings);
        constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
        if (!n || !d || *d == 0 || (*n == kMin && *d == -1)) return std::nullopt;
        if (!s.floor && *n % *d != 0) return std::nullopt;
        value = *n / *d - (*n % *d < 0 ? 1 : 0);
      } else {
        value = bindings.value(id);
      }
      if (!value || __builtin_mul_overflow(product, *value, &product)) return std::nullopt;
    }
    if (__builtin_add_overflow(sum, product, &sum)) return std::nullopt;
  }
  return sum;
}

std::string SymbolTable::describe(const Extent& extent) const {
  if (extent.terms().empty()) return "0";
  std::string text;
  const auto append = [&](const Extent::Term& term) {
    const bool minus = term.coefficient < 0;
    if (text.empty()) {
      text += minus ? "-" : "";
    } else {
      text += minus ? " - " : " + ";
    }
    const std::string digits = std::to_string(term.coefficient);
    const std::string magnitude = minus ? digits.substr(1) : digits;
    bool first = true;
    if (term.factors.empty() || magnitude != "1") {
      text += magnitude;
      first = false;
    }
    const bool alone = extent.terms().size() == 1 && term.factors.size() == 1 && term.coefficient == 1;
    for (SymbolId id : term.factors) {
      if (!first) text += " * ";
      first = false;
      const Symbol& s = symbols_.at(static_cast<std::size_t>(id));
      text += s.quotient && !s.floor && !alone ? std::string("(").append(s.name).append(")") : s.name;
    }
  };
  for (const auto& term : extent.terms()) {
    if (!term.factors.empty()) append(term);
  }
  for (const auto& term : extent.terms()) {
    if (term.factors.empty()) append(term);
  }
  return text;
}

}  // namespace weft
