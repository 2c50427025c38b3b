#include <limits>
#include <set>
#include <string>
#include <vector>

#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

/// The memory of an array under other extents and strides.
template <class T>
View seen(const Array<T>& array, const Extents& extents, const Extents& strides) {
  View view = array.view();
  view.rank = static_cast<int>(extents.size());
  std::copy(extents.begin(), extents.end(), view.extents.begin());
  std::copy(strides.begin(), strides.end(), view.strides.begin());
  return view;
}

/// An optimizer: the ops NAME, NAME_rows and NAME_catch_up.
struct Optimizer {
  std::string name;
  std::size_t states;
  std::vector<double> numbers;
};

/// A table that an optimizer updates whole and its double that is updated by rows.
template <class T>
struct Twins {
  Optimizer optimizer;
  std::int64_t table, elements, rows;
  std::int64_t row_step, element_step;
  Options options;
  Extents flat{table * elements};
  std::vector<Array<T>> whole, lazy;  // the table and its states
  Array<T> g{flat}, rates{Extents{table}}, x{Extents{rows * elements}};
  Array<T> rate{Extents{1}}, scale{Extents{1}}, step{Extents{1}};
  Array<std::int32_t> ids{Extents{rows}}, last{Extents{table}}, steps{Extents{1}};
  KernelParams by_rows, of_all;

  Twins(Optimizer given, std::int64_t table, std::int64_t elements, std::int64_t rows, bool rows_first,
        Options options)
      : optimizer(std::move(given)),
        table(table),
        elements(elements),
        rows(rows),
        row_step(rows_first ? elements : 1),
        element_step(rows_first ? 1 : table),
        options(options),
        by_rows(params(groups(1, 1, 1))),
        of_all(params(groups(0, 1, 1))) {
    for (std::size_t k = 0; k <= optimizer.states; ++k) {
      for (std::vector<Array<T>>* arrays : {&whole, &lazy}) {
        arrays->emplace_back(flat);
        arrays->back().fill(0);
      }
    }
    whole[0].randomize(1);
    lazy[0].set(whole[0].copy());
    rates.fill(0);
    last.fill(0);
    steps.fill(0);
  }

  KernelParams params(KernelParams p) const {
    std::copy(optimizer.numbers.begin(), optimizer.numbers.end(), p.numbers.begin());
    return p;
  }

  /// The lazy table, its states, last, rates and steps over {rows, elements, table}, or without the rows.
  std::vector<View> lazy_operands(bool rows_too) const {
    const auto over = [&](const auto& array, Extents strides) {
      Extents extents{rows, elements, table};
      if (!rows_too) {
        extents.erase(extents.begin());
        strides.erase(strides.begin());
      }
      return seen(array, extents, strides);
    };
    std::vector<View> views;
    for (const Array<T>& array : lazy) views.push_back(over(array, {0, element_step, row_step}));
    views.push_back(over(last, {0, 0, 1}));
    views.push_back(over(rates, {0, 0, 1}));
    views.push_back(over(steps, {0, 0, 0}));
    return views;
  }
  View index() const { return seen(ids, {rows, elements, table}, {1, 0, 0}); }

  /// Another step, of random rows; those outside the table and those that come again have no effect.
  void next(int t, bool finite) {
    step[0] = static_cast<T>(t);
    rate[0] = static_cast<T>(0.01 + 0.001 * (t % 7));
    scale[0] = finite ? T(0.5) : std::numeric_limits<T>::quiet_NaN();
    x.randomize(static_cast<unsigned>(100 + t));
    g.fill(0);
    std::set<std::int32_t> seen_before;
    for (std::int64_t r = 0; r < rows; ++r) {
      ids[r] = static_cast<std::int32_t>((r * r * 5 + 3 * t * (r + 1)) % (table + 1)) - (r == 2 ? 1 : 0);
      const bool first = seen_before.insert(ids[r]).second;
      for (std::int64_t e = 0; e < elements; ++e) {
        if (!first) x[r * elements + e] = 0;
        if (first && ids[r] >= 0 && ids[r] < table)
          g[ids[r] * row_step + e * element_step] = x[r * elements + e];
      }
    }
    std::vector<View> all;
    for (const Array<T>& array : whole) all.push_back(array.view());
    all.push_back(seen(g, flat, {1}));
    for (const Array<T>* scalar : {&rate, &scale}) all.push_back(seen(*scalar, flat, {0}));
    if (optimizer.name == "adam") all.push_back(seen(step, flat, {0}));
    run(optimizer.name, all, whole[0].view(), of_all, options);

    std::vector<View> some = lazy_operands(true);
    const View table_view = some[0];
    some.push_back(index());
    some.push_back(seen(x, {rows, elements, table}, {elements, 1, 0}));
    for (const Array<T>* scalar : {&rate, &scale})
      some.push_back(seen(*scalar, {rows, elements, table}, {0, 0, 0}));
    run(optimizer.name + "_rows", some, table_view, by_rows, options);
  }

  /// The rows in `ids`.
  void catch_up() {
    std::vector<View> operands = lazy_operands(true);
    const View table_view = operands[0];
    operands.push_back(index());
    run(optimizer.name + "_catch_up", operands, table_view, by_rows, options);
  }
  void catch_up_all() {
    const std::vector<View> operands = lazy_operands(false);
    run(optimizer.name + "_catch_up", operands, operands[0], of_all, options);
  }

  bool same(std::int64_t row) const {
    bool equal = true;
    for (std::int64_t e = 0; e < elements; ++e) {
      const std::int64_t i = row * row_step + e * element_step;
      for (std::size_t k = 0; k < whole.size(); ++k) equal = equal && whole[k][i] == lazy[k][i];
    }
    return equal;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("rows that are let lie become what the update of all rows makes of them, bit for bit", "",
                   float, double) {
  const Optimizer optimizer =
      GENERATE(Optimizer{"adam", 2, {0.9, 0.99, 1e-8, 0.01, 0.02}}, Optimizer{"momentum", 1, {0.9, 0}},
               Optimizer{"momentum", 1, {0.9, 1}}, Optimizer{"rmsprop", 1, {0.9, 1e-8}});
  struct Case {
    std::int64_t table, elements, rows;
    bool rows_first;
  };
  for (const auto& [table, elements, rows, rows_first] :
       {Case{200, 9, 6, true}, Case{5, 3, 4, true}, Case{90, 16, 5, false}, Case{2000, 40, 300, true}})
    for (const auto set : instruction_sets())
      for (const int threads : {1, 3}) {
        Options options{set};
        options.threads = threads;
        Twins<TestType> t(optimizer, table, elements, rows, rows_first, options);
        CAPTURE(optimizer.name, table, elements, threads);
        std::int64_t behind = 0;
        for (int step = 1; step <= 150; ++step) {
          t.next(step, step % 13 != 0);
          for (std::int64_t row = 0; row < table; ++row) behind += t.same(row) ? 0 : 1;
          if (step % 17 != 0) continue;
          t.catch_up();
          for (std::int64_t r = 0; r < rows; ++r)
            if (t.ids[r] >= 0 && t.ids[r] < table) REQUIRE(t.same(t.ids[r]));
        }
        CHECK(behind > 0);
        t.catch_up_all();
        bool same = true;
        for (std::int64_t row = 0; row < table; ++row) same = same && t.same(row) && t.last[row] == 150;
        CHECK(same);
      }
}
