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

/// A table that adam updates whole and its double that adam_rows updates by rows.
template <class T>
struct Twins {
  std::int64_t table, elements, rows;
  std::int64_t row_step, element_step;
  Options options;
  Extents flat{table * elements};
  Array<T> w{flat}, m{flat}, v{flat}, g{flat}, late_w{flat}, late_m{flat}, late_v{flat};
  Array<T> rates{Extents{table}}, x{Extents{rows * elements}};
  Array<T> rate{Extents{1}}, scale{Extents{1}}, step{Extents{1}};
  Array<std::int32_t> ids{Extents{rows}}, last{Extents{table}}, steps{Extents{1}};
  KernelParams by_rows = numbers({0.9, 0.99, 1e-8, 0.01, 0.02}, groups(1, 1, 1));
  KernelParams whole = numbers({0.9, 0.99, 1e-8, 0.01, 0.02}, groups(0, 1, 1));

  Twins(std::int64_t table, std::int64_t elements, std::int64_t rows, bool rows_first, Options options)
      : table(table),
        elements(elements),
        rows(rows),
        row_step(rows_first ? elements : 1),
        element_step(rows_first ? 1 : table),
        options(options) {
    w.randomize(1);
    late_w.set(w.copy());
    for (const Array<T>* zero : {&m, &v, &late_m, &late_v, &rates}) zero->fill(0);
    last.fill(0);
    steps.fill(0);
  }

  template <class U>
  View scalar(const Array<U>& value) const {
    return seen(value, {rows, elements, table}, {0, 0, 0});
  }
  View late(const Array<T>& array) const {
    return seen(array, {rows, elements, table}, {0, element_step, row_step});
  }
  View all(const Array<T>& array) const { return seen(array, {elements, table}, {element_step, row_step}); }
  template <class U>
  View one_each(const Array<U>& array) const {
    return seen(array, {rows, elements, table}, {0, 0, 1});
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
    const View gradient = seen(g, flat, {1});
    const auto plain = [&](const Array<T>& value) { return seen(value, flat, {0}); };
    run("adam", {w.view(), m.view(), v.view(), gradient, plain(rate), plain(scale), plain(step)}, w.view(),
        whole, options);
    run("adam_rows",
        {late(late_w), late(late_m), late(late_v), one_each(last), one_each(rates), scalar(steps), index(),
         seen(x, {rows, elements, table}, {elements, 1, 0}), scalar(rate), scalar(scale)},
        late(late_w), by_rows, options);
  }

  /// The rows in `ids`.
  void catch_up() {
    run("adam_catch_up",
        {late(late_w), late(late_m), late(late_v), one_each(last), one_each(rates), scalar(steps), index()},
        late(late_w), by_rows, options);
  }
  void catch_up_all() {
    const Extents space{elements, table};
    run("adam_catch_up",
        {all(late_w), all(late_m), all(late_v), seen(last, space, {0, 1}), seen(rates, space, {0, 1}),
         seen(steps, space, {0, 0})},
        all(late_w), whole, options);
  }

  bool same(std::int64_t row) const {
    bool equal = true;
    for (std::int64_t e = 0; e < elements; ++e) {
      const std::int64_t i = row * row_step + e * element_step;
      equal = equal && w[i] == late_w[i] && m[i] == late_m[i] && v[i] == late_v[i];
    }
    return equal;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("adam_rows makes of a table what adam does, bit for bit, once its rows have caught up", "",
                   float, double) {
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
        Twins<TestType> t(table, elements, rows, rows_first, options);
        CAPTURE(table, elements, threads);
        std::int64_t late = 0;
        for (int step = 1; step <= 150; ++step) {
          t.next(step, step % 13 != 0);
          for (std::int64_t row = 0; row < table; ++row) late += t.same(row) ? 0 : 1;
          if (step % 17 != 0) continue;
          t.catch_up();
          for (std::int64_t r = 0; r < rows; ++r)
            if (t.ids[r] >= 0 && t.ids[r] < table) REQUIRE(t.same(t.ids[r]));
        }
        CHECK(late > 0);
        t.catch_up_all();
        bool same = true;
        for (std::int64_t row = 0; row < table; ++row) same = same && t.same(row) && t.last[row] == 150;
        CHECK(same);
      }
}
