#include <map>

#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

using Int = std::int32_t;

const Extents kSizes = {0, 1, 3, 17, 33};

}  // namespace

TEMPLATE_TEST_CASE("gather looks rows up", "", float, double, std::int32_t, bool) {
  // embed[V, E] at ids[B, T] -> [B, T, E]; space B, T, E, V
  for (const auto set : instruction_sets())
    for (const std::int64_t t : kSizes)
      for (const std::int64_t e : kSizes) {
        const std::int64_t b = 2, v = 10;
        const Array<TestType> table({b, t, e, v}, {0, 0, 1, std::max<std::int64_t>(e, 1)}),
            y({b, t, e, v}, {t * e, e, 1, 0});
        const Array<Int> ids({b, t, e, v}, {t, 1, 0, 0});
        table.randomize(1, 2);
        ids.randomize(2, v);
        run("gather", {table.view(), ids.view()}, y.view(), groups(3, 1), {set});
        bool good = true;
        for_each({b, t, e}, [&](const Coordinates& at) {
          good &= y({at[0], at[1], at[2], 0}) == table({0, 0, at[2], ids({at[0], at[1], 0, 0})});
        });
        REQUIRE(good);
      }
}

TEMPLATE_TEST_CASE("gather_sum gives the bits of a sum of what is gathered", "", float, double) {
  // table[V, E] at ids[B, T] -> [B, E]; space B, E, T, V
  for (const auto set : instruction_sets())
    for (const std::int64_t t : {0, 1, 3, 32, 33, 70})
      for (const std::int64_t e : {4, 7, 16, 17, 100, 150, 300}) {
        const std::int64_t b = 5, v = 10;
        const Array<TestType> table({b, e, t, v}, {0, 1, 0, e}), y({b, e, t, v}, {e, 1, 0, 0}),
            rows({b, t, e, v}, {t * e, e, 1, 0}), summed({b, e, t}, {e, 1, 0});
        const Array<Int> ids({b, e, t, v}, {t, 0, 1, 0});
        table.randomize(1);
        ids.randomize(2, v + 2);
        for (std::int64_t i = 0; i < ids.count(); ++i)
          if (ids[i] == v + 1) ids[i] = -1;
        View same_table = table.view(), same_ids = ids.view(), gathered = rows.view();
        same_table.extents = same_ids.extents = rows.view().extents;
        same_table.strides = {0, 0, 1, e};
        same_ids.strides = {t, 1, 0, 0};
        run("gather", {same_table, same_ids}, rows.view(), groups(3, 1), {set});
        gathered.rank = 3;
        gathered.extents = summed.view().extents;
        gathered.strides = {t * e, 1, e};
        for (const double mean : {0, 1}) {
          INFO("t = " << t << ", e = " << e << (mean != 0 ? ", mean" : ""));
          run("gather_sum", {table.view(), ids.view()}, y.view(), numbers({mean}, groups(1, 1, 1, 1)), {set});
          run(mean != 0 ? "mean" : "sum", {gathered}, summed.view(), groups(2, 1), {set});
          const bool same = std::memcmp(&y[0], &summed[0], summed.bytes()) == 0;
          REQUIRE((same || (t == 0 && mean != 0)));  // 0 / 0 has no one pattern of bits
        }
      }
}

TEST_CASE("gather_sum where the elements of a row lie apart") {
  // table[E, V] at ids[T] -> [E]; space E, T, V
  const Array<double> table({3, 4, 6}, {6, 0, 1}), y({3, 4, 6}, {1, 0, 0});
  const Array<Int> ids({3, 4, 6}, {0, 1, 0});
  table.randomize(1);
  ids.set({5, 2, 7, 5});
  run("gather_sum", {table.view(), ids.view()}, y.view(), groups(0, 1, 1, 1));
  for (std::int64_t e = 0; e < 3; ++e) CHECK(y[e] == table[6 * e + 5] + table[6 * e + 2] + table[6 * e + 5]);
}

TEST_CASE("gather with several indices, batches and rows that lie apart") {
  // Q[S, A] at (s[B], a[B]) -> [B]; space B, S, A
  const Array<float> q({5, 4, 3}, {0, 3, 1}), y({5, 4, 3}, {1, 0, 0});
  const Array<Int> s({5, 4, 3}, {1, 0, 0}), a({5, 4, 3}, {1, 0, 0});
  q.randomize(1);
  s.set({0, 1, 2, 3, 3});
  a.set({2, 1, 0, 0, 2});
  run("gather", {q.view(), s.view(), a.view()}, y.view(), groups(1, 2));
  CHECK(y.copy() == std::vector<float>{q[2], q[4], q[6], q[9], q[11]});

  // logits[B, V] at targets[B] -> [B]; space B, V: the table has the output's axis too
  const Array<float> logits({7, 9}), picked({7, 9}, {1, 0});
  const Array<Int> target({7, 9}, {1, 0});
  logits.randomize(2);
  target.randomize(3, 9);
  run("gather", {logits.view(), target.view()}, picked.view(), groups(1, 1));
  for (std::int64_t i = 0; i < 7; ++i) CHECK(picked[i] == logits({i, target[i]}));

  // a table [E, V], so that a row is a column; output [E, T]
  const Array<float> turned({6, 8, 10}, {10, 0, 1}), out({6, 8, 10}, {8, 1, 0});
  const Array<Int> ids({6, 8, 10}, {0, 1, 0});
  turned.randomize(4);
  ids.randomize(5, 10);
  run("gather", {turned.view(), ids.view()}, out.view(), groups(2, 1));
  for (std::int64_t e = 0; e < 6; ++e)
    for (std::int64_t t = 0; t < 8; ++t) CHECK(out({e, t, 0}) == turned({e, 0, ids[t]}));
}

TEST_CASE("an index outside its axis reads nothing") {
  const Array<float> table({5, 3, 4}, {0, 1, 3}), y({5, 3, 4}, {3, 1, 0});
  const Array<Int> ids({5, 3, 4}, {1, 0, 0});
  table.fill(1);
  ids.set({0, -1, 4, 3, 2147483647});
  run("gather", {table.view(), ids.view()}, y.view(), groups(2, 1));
  CHECK(y.copy() == std::vector<float>{1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0});
}

TEST_CASE("more index operands than a kernel takes are refused") {
  const Extents space = {2, 1, 1, 1, 1, 1, 1, 1};
  const Array<float> table(space), y(space);
  const Array<Int> ids(space);
  CHECK_THROWS_AS(
      run("gather",
          {table.view(), ids.view(), ids.view(), ids.view(), ids.view(), ids.view(), ids.view(), ids.view()},
          y.view(), groups(1, 7)),
      std::invalid_argument);
}

TEMPLATE_TEST_CASE("scatter_add sums what has one index", "", float, double) {
  // ids[B, T], dy[B, T, E] -> [V, E]; space B, T, E, V
  for (const auto set : instruction_sets())
    for (const std::int64_t t : {0, 1, 3, 33, 700})
      for (const std::int64_t e : {1, 3, 33}) {
        const std::int64_t b = 2, v = 10;
        const Array<TestType> dy({b, t, e, v}, {t * e, e, 1, 0}), y({b, t, e, v}, {0, 0, 1, e});
        const Array<Int> ids({b, t, e, v}, {t, 1, 0, 0});
        dy.randomize(1);
        ids.randomize(2, v);
        if (t > 2) ids[1] = -1, ids[2] = static_cast<Int>(v);  // nowhere
        const Array<TestType> memory({v, e});
        memory.fill(static_cast<TestType>(kNan));
        View out = y.view();
        out.data = memory.view().data;
        run("scatter_add", {ids.view(), dy.view()}, out, numbers({static_cast<double>(v * e)}, groups(3, 1)),
            {set});
        std::vector<double> expected(static_cast<std::size_t>(v * e), 0.0);
        for_each({b, t, e}, [&](const Coordinates& at) {
          const Int id = ids({at[0], at[1], 0, 0});
          if (id >= 0 && id < v)
            expected[static_cast<std::size_t>(id * e + at[2])] += dy({at[0], at[1], at[2], 0});
        });
        bool good = true;
        for (std::int64_t i = 0; i < v * e; ++i)
          good &= close(memory[i], expected[static_cast<std::size_t>(i)], tolerance_of<TestType>() * 30);
        REQUIRE(good);
      }
}

TEST_CASE("scatter_add into several gathered axes and into the output's own") {
  // s[B], a[B], dy[B] -> [S, A]
  const Array<float> dy({5, 4, 3}, {1, 0, 0}), y({4, 3});
  const Array<Int> s({5, 4, 3}, {1, 0, 0}), a({5, 4, 3}, {1, 0, 0});
  dy.set({1, 2, 4, 8, 16});
  s.set({0, 1, 0, 3, 0});
  a.set({2, 1, 2, 0, 0});
  View out = Array<float>({5, 4, 3}, {0, 3, 1}).view();
  out.data = y.view().data;
  run("scatter_add", {s.view(), a.view(), dy.view()}, out, numbers({12}, groups(1, 2)));
  CHECK(y.copy() == std::vector<float>{16, 0, 5, 0, 2, 0, 0, 0, 0, 8, 0, 0});

  // targets[B], dy[B] -> [B, V]
  const Array<float> g({3, 4}, {1, 0}), z({3, 4});
  const Array<Int> t({3, 4}, {1, 0});
  g.set({1, 2, 4});
  t.set({3, 0, 3});
  run("scatter_add", {t.view(), g.view()}, z.view(), numbers({12}, groups(1, 1)));
  CHECK(z.copy() == std::vector<float>{0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 4});

  // ids[T], dy[T, E] summed over E too -> [V]
  const Array<float> h({3, 2, 5}, {2, 1, 0}), w({5});
  const Array<Int> ids({3, 2, 5}, {1, 0, 0});
  h.set({1, 2, 4, 8, 16, 32});
  ids.set({1, 4, 1});
  out = Array<float>({3, 2, 5}, {0, 0, 1}).view();
  out.data = w.view().data;
  run("scatter_add", {ids.view(), h.view()}, out, numbers({5}, groups(2, 1)));
  CHECK(w.copy() == std::vector<float>{0, 51, 0, 0, 12});
}

TEMPLATE_TEST_CASE("merge_rows leaves one row an index", "", float, double) {
  for (const auto set : instruction_sets())
    for (const std::int64_t rows : kSizes)
      for (const std::int64_t width : {0, 1, 17}) {
        const Array<TestType> dy({rows, width}), y({rows, width});
        const Array<Int> ids({rows, width}, {1, 0});
        dy.randomize(1);
        ids.randomize(2, 5);
        y.fill(77);
        run("merge_rows", {ids.view(), dy.view()}, y.view(), groups(1, 1), {set});
        std::map<Int, std::int64_t> first;
        std::vector<TestType> expected(static_cast<std::size_t>(rows * width), TestType(0));
        for (std::int64_t r = 0; r < rows; ++r) {
          const std::int64_t to = first.try_emplace(ids[r], r).first->second;
          for (std::int64_t c = 0; c < width; ++c)
            expected[static_cast<std::size_t>(to * width + c)] += dy({r, c});
        }
        REQUIRE(y.copy() == expected);
      }
}

TEST_CASE("merge_rows with row dims in two and elements that lie apart") {
  const Array<float> dy({2, 3, 4}, {1, 2, 6}), y({2, 3, 4});
  const Array<Int> ids({2, 3, 4}, {3, 1, 0});
  dy.randomize(1);
  ids.set({5, 9, 5, 9, 5, 1});
  run("merge_rows", {ids.view(), dy.view()}, y.view(), groups(2, 1));
  for (std::int64_t c = 0; c < 4; ++c) {
    CHECK(y({0, 0, c}) == (dy({0, 0, c}) + dy({0, 2, c})) + dy({1, 1, c}));
    CHECK(y({0, 1, c}) == dy({0, 1, c}) + dy({1, 0, c}));
    CHECK(y({0, 2, c}) == 0);
    CHECK(y({1, 2, c}) == dy({1, 2, c}));
  }
}

TEST_CASE("large tables do not depend on threads") {
  const std::int64_t t = 3000, e = 65, v = 400;
  const Array<float> table({t, e, v}, {0, 1, e}), rows({t, e, v}, {e, 1, 0});
  const Array<Int> ids({t, e, v}, {1, 0, 0});
  rows.randomize(1);
  table.randomize(2);
  ids.randomize(3, v);
  CHECK(same_bits_on_any_threads("scatter_add", {ids.view(), rows.view()}, table,
                                 numbers({static_cast<double>(v * e)}, groups(2, 1))));
  CHECK(same_bits_on_any_threads("gather", {table.view(), ids.view()}, rows, groups(2, 1)));
  const Array<float> bags({300, e, 10, v}, {e, 1, 0, 0}), whole({300, e, 10, v}, {0, 1, 0, e});
  const Array<Int> bag_ids({300, e, 10, v}, {10, 0, 1, 0});
  whole.randomize(6);
  bag_ids.randomize(7, v);
  CHECK(same_bits_on_any_threads("gather_sum", {whole.view(), bag_ids.view()}, bags, groups(1, 1, 1, 1)));
  const Array<float> dy({t, e}), y({t, e});
  const Array<Int> index({t, e}, {1, 0});
  dy.randomize(4);
  index.randomize(5, v);
  CHECK(same_bits_on_any_threads("merge_rows", {index.view(), dy.view()}, y, groups(1, 1)));
  const Array<float> rate({t, e, v}, {0, 0, 0}), scale({t, e, v}, {0, 0, 0});
  rate.fill(0.1f);
  scale.fill(2.0f);
  CHECK(same_bits_on_any_threads("sgd_rows",
                                 {table.view(), ids.view(), rows.view(), rate.view(), scale.view()}, table,
                                 groups(1, 1, 1)));
}

TEST_CASE("assign_at writes rows in their order, and nothing at indices outside") {
  // table[V, E], idx[R], value[R, E]; space R, E, V
  for (const auto set : instruction_sets())
    for (const std::int64_t e : {1, 3, 33}) {
      const std::int64_t r = 9, v = 6;
      const Array<float> table({r, e, v}, {0, 1, e}), value({r, e, v}, {e, 1, 0});
      const Array<Int> idx({r, e, v}, {1, 0, 0});
      table.randomize(1);
      value.randomize(2);
      idx.set({3, 0, 3, -1, 6, 5, 0, 3, 2});
      std::vector<float> expected = table.copy();
      for (std::int64_t i = 0; i < r; ++i)
        for (std::int64_t c = 0; c < e && idx[i] >= 0 && idx[i] < v; ++c)
          expected[static_cast<std::size_t>(idx[i] * e + c)] = value[i * e + c];
      run("assign_at", {table.view(), idx.view(), value.view()}, table.view(), groups(2, 1), {set});
      REQUIRE(table.copy() == expected);
    }
}

TEST_CASE("assign_at over two axes, with a value repeated and elements of one byte") {
  // table[P, Q], p[R], q[], value []; space R, P, Q
  const Array<bool> table({4, 3, 5}, {0, 5, 1}), value({4, 3, 5}, {0, 0, 0});
  const Array<Int> p({4, 3, 5}, {1, 0, 0}), q({4, 3, 5}, {0, 0, 0});
  value[0] = true;
  p.set({0, 2, 2, 7});
  q.set({4});
  run("assign_at", {table.view(), p.view(), q.view(), value.view()}, table.view(), groups(1, 2));
  for (std::int64_t i = 0; i < 15; ++i) CHECK(table[i] == (i == 4 || i == 14));
}

TEST_CASE("assign_at into a large table does not depend on threads") {
  const std::int64_t t = 3000, e = 65, v = 400;
  const Array<float> table({t, e, v}, {0, 1, e}), rows({t, e, v}, {e, 1, 0});
  const Array<Int> ids({t, e, v}, {1, 0, 0});
  rows.randomize(1);
  table.randomize(2);
  ids.randomize(3, v);
  CHECK(same_bits_on_any_threads("assign_at", {table.view(), ids.view(), rows.view()}, table, groups(2, 1)));
}
