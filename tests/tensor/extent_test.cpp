#include <stdexcept>

#include "tensor/extent.h"
#include "tests/catch2.h"

using namespace weft;

TEST_CASE("extents that are equal for every binding compare equal") {
  SymbolTable symbols;
  const Extent a(symbols.fresh("A")), b(symbols.fresh("B"));
  CHECK((a + b) * (a - b) == a * a - b * b);
  CHECK(a * 2 + a == a * 3);
  CHECK(a - a == Extent(0));
  CHECK((a - a).constant() == 0);
  CHECK(a * 0 == Extent());
  CHECK_FALSE(a == b);
  CHECK(Extent(7).constant() == 7);
  CHECK_FALSE((a + 1).constant());
}

TEST_CASE("extents are described as they would be written") {
  SymbolTable symbols;
  const Extent t(symbols.fresh("T")), d(symbols.fresh("D")), head(symbols.fresh("Head"));
  CHECK(symbols.describe(512) == "512");
  CHECK(symbols.describe(0) == "0");
  CHECK(symbols.describe(t) == "T");
  CHECK(symbols.describe(t * 2 + 1) == "2 * T + 1");
  CHECK(symbols.describe(t - 1) == "T - 1");
  CHECK(symbols.describe(Extent(0) - t) == "-T");
  CHECK(symbols.describe(t * d) == "T * D");
  const Extent k = symbols.divide(d, head).value();
  CHECK(symbols.describe(k) == "D / Head");
  CHECK(symbols.describe(k * 2) == "2 * (D / Head)");
  CHECK(symbols.describe(symbols.divide(d + 1, head * 2).value()) == "(D + 1) / (2 * Head)");
}

TEST_CASE("quotients are exact, simplified, and the same for the same operands") {
  SymbolTable symbols;
  const SymbolId d_symbol = symbols.fresh("D");
  const SymbolId h_symbol = symbols.fresh("Head");
  const Extent d(d_symbol), head(h_symbol);
  CHECK(symbols.divide(12, 4) == Extent(3));
  CHECK_FALSE(symbols.divide(12, 5));
  CHECK_FALSE(symbols.divide(d, 0));
  CHECK_FALSE(symbols.divide(d * 2 + 1, 2));
  CHECK(symbols.divide(d * head, head) == d);
  CHECK(symbols.divide(d * 6 + 4, 2) == d * 3 + 2);
  CHECK(symbols.divide(d * d - d, d) == d - 1);
  CHECK(symbols.divide((d + head) * 3, d + head) == Extent(3));
  CHECK(symbols.divide(0, d) == Extent(0));

  const Extent k = symbols.divide(d, head).value();
  CHECK(symbols.divide(d, head) == k);
  Bindings bindings;
  CHECK_FALSE(symbols.evaluate(k, bindings));
  bindings.bind(d_symbol, 512);
  bindings.bind(h_symbol, 8);
  CHECK(symbols.evaluate(k, bindings) == 64);
  CHECK(symbols.evaluate(k * head - d, bindings) == 0);
  bindings.bind(h_symbol, 7);
  CHECK_FALSE(symbols.evaluate(k, bindings));
  bindings.bind(h_symbol, 0);
  CHECK_FALSE(symbols.evaluate(k, bindings));
}

TEST_CASE("quotients rounded down") {
  SymbolTable symbols;
  const SymbolId t_symbol = symbols.fresh("T");
  const Extent t(t_symbol);
  CHECK(symbols.floor_divide(7, 2) == Extent(3));
  CHECK(symbols.floor_divide(-7, 2) == Extent(-4));
  CHECK(symbols.floor_divide(t - 4, 1) == t - 4);
  CHECK(symbols.floor_divide(t * 4 + 7, 2) == t * 2 + 3);
  const Extent half = symbols.floor_divide(t * 2 + t * t - 3, 2);
  CHECK(symbols.floor_divide(t * t + t * 2 - 3, 2) == half);
  CHECK(symbols.describe(half) == "T + floor((T * T - 3) / 2)");
  CHECK_FALSE(symbols.divide(t * t - 3, 2) == half - t);  // that one has to leave nothing
  Bindings bindings;
  CHECK_FALSE(symbols.evaluate(half, bindings));
  bindings.bind(t_symbol, 4);
  CHECK(symbols.evaluate(half, bindings) == 10);
  bindings.bind(t_symbol, 0);
  CHECK(symbols.evaluate(half, bindings) == -2);
}

TEST_CASE("extents refuse what they can't hold") {
  SymbolTable symbols;
  const SymbolId symbol = symbols.fresh("A");
  const Extent big(std::int64_t{1} << 62);
  CHECK_THROWS_AS(big * 4, std::overflow_error);
  CHECK_THROWS_AS(big + big, std::overflow_error);
  Bindings bindings;
  bindings.bind(symbol, std::int64_t{1} << 40);
  CHECK_FALSE(symbols.evaluate(Extent(symbol) * Extent(symbol), bindings));
  Extent product(1);
  const auto grow = [&] {
    for (int i = 0; i < 40; ++i) product = product * (Extent(symbols.fresh("S")) + 1);
  };
  CHECK_THROWS_AS(grow(), std::overflow_error);
}

TEST_CASE("bindings are equal when they bind the same") {
  SymbolTable symbols;
  const SymbolId a = symbols.fresh("A"), b = symbols.fresh("B");
  Bindings one, other;
  one.bind(a, 3);
  other.bind(a, 3);
  other.bind(b, 4);
  CHECK_FALSE(one == other);
  other.release(b);
  CHECK(one == other);
  CHECK_FALSE(other.value(b));
  CHECK(other.value(a) == 3);
}
