#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft {

enum class SymbolId : std::uint32_t {};

/// How long an axis is, before any data is read: an integer polynomial over symbols, kept in a canonical form
/// (terms sorted, like terms joined, no zero coefficient), so two extents that are equal for every binding of
/// the symbols compare equal. What isn't a polynomial, a quotient, is a symbol of its own with a definition
/// (see SymbolTable). Sums and products throw std::overflow_error where a coefficient passes 64 bits or the
/// polynomial 4096 terms.
class Extent {
 public:
  Extent() = default;          // 0
  Extent(std::int64_t value);  // NOLINT: implicit, extents are written as numbers
  explicit Extent(SymbolId symbol);

  /// The value, where no symbol is left in it.
  std::optional<std::int64_t> constant() const;
  /// The symbol, where the extent is that alone: an open axis'.
  std::optional<SymbolId> symbol() const;
  bool operator==(const Extent&) const = default;

  friend Extent operator+(const Extent&, const Extent&);
  friend Extent operator-(const Extent&, const Extent&);
  friend Extent operator*(const Extent&, const Extent&);

  struct Term {
    std::vector<SymbolId> factors;  // sorted; empty for the constant term
    std::int64_t coefficient = 0;
    bool operator==(const Term&) const = default;
  };
  const std::vector<Term>& terms() const { return terms_; }

 private:
  std::vector<Term> terms_;  // sorted by factors
};

/// Values of free symbols, by SymbolId; -1 where unbound.
class Bindings {
 public:
  void bind(SymbolId, std::int64_t value);
  std::optional<std::int64_t> value(SymbolId) const;
  /// Forgets a binding (a batch axis, between batches of different size).
  void release(SymbolId);
  bool operator==(const Bindings&) const = default;
  const std::vector<std::int64_t>& values() const { return values_; }

 private:
  std::vector<std::int64_t> values_;
};

/// The symbols of a program: free ones (open axes, extents that come from data) and defined ones (quotients).
class SymbolTable {
 public:
  SymbolId fresh(std::string name);
  const std::string& name(SymbolId) const;

  /// numerator / denominator, exact. Simplifies where it can (constants; a common factor); otherwise gives a
  /// symbol defined as the quotient, the same one for the same operands. nullopt: a remainder is certain, or
  /// the denominator is the constant 0.
  std::optional<Extent> divide(const Extent& numerator, const Extent& denominator);

  /// The largest whole number that isn't above numerator / denominator; the denominator is at least 1. A
  /// symbol defined so where the numerator isn't known or no multiple, the same one for the same operands.
  Extent floor_divide(const Extent& numerator, std::int64_t denominator);

  /// The value under `bindings`; nullopt if a symbol is unbound, a quotient leaves a remainder or overflows.
  std::optional<std::int64_t> evaluate(const Extent&, const Bindings&) const;

  /// "512", "B", "2 * T + 1", "D / Head".
  std::string describe(const Extent&) const;

 private:
  struct Symbol {
    std::string name;
    bool quotient = false;
    bool floor = false;  // a quotient rounded down, of which a remainder is no fault
    Extent numerator, denominator;
  };
  std::vector<Symbol> symbols_;
};

}  // namespace weft
