#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

/// A product over named dims: extents of the groups' dims, and how each operand's own dims lie in memory, as
/// an order of dims of the space, outermost first (a dim that isn't listed has stride 0).
struct Problem {
  Extents batch, m, n, k;
  std::vector<int> a, b, out;
};

Extents space_of(const Problem& p) {
  Extents all = p.batch;
  for (const Extents& part : {p.m, p.n, p.k}) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Extents strides_of(const Extents& space, const std::vector<int>& order, std::int64_t gap = 1) {
  Extents strides(space.size(), 0);
  std::int64_t stride = gap;
  for (std::size_t i = order.size(); i-- > 0;) {
    strides[static_cast<std::size_t>(order[i])] = stride;
    stride *= space[static_cast<std::size_t>(order[i])];
  }
  return strides;
}

KernelParams params_of(const Problem& p) {
  return groups(static_cast<int>(p.batch.size()), static_cast<int>(p.m.size()), static_cast<int>(p.n.size()),
                static_cast<int>(p.k.size()));
}

template <class T>
void check(const Problem& p, InstructionSet set, std::int64_t gap = 1) {
  const Extents space = space_of(p);
  const Array<T> a(space, strides_of(space, p.a, gap)), b(space, strides_of(space, p.b)),
      out(space, strides_of(space, p.out, gap));
  a.randomize(1);
  b.randomize(2);
  out.fill(static_cast<T>(kNan));
  run("dot", {a.view(), b.view()}, out.view(), params_of(p), {set});
  Extents kept = p.batch;
  for (const Extents& part : {p.m, p.n}) kept.insert(kept.end(), part.begin(), part.end());
  double length = 1;
  for (const auto e : p.k) length *= static_cast<double>(e);
  bool good = true;
  for_each(kept, [&](const Coordinates& at) {
    double sum = 0;
    Coordinates all = at;
    all.resize(space.size(), 0);
    for_each(p.k, [&](const Coordinates& r) {
      std::copy(r.begin(), r.end(), all.begin() + static_cast<std::ptrdiff_t>(at.size()));
      sum += static_cast<double>(a(all)) * static_cast<double>(b(all));
    });
    std::fill(all.begin() + static_cast<std::ptrdiff_t>(at.size()), all.end(), 0);
    good &= close(out(all), sum, tolerance_of<T>() * std::sqrt(length + 1) / 2);
  });
  INFO("m " << (p.m.empty() ? 1 : p.m[0]) << " n " << (p.n.empty() ? 1 : p.n[0]) << " k "
            << (p.k.empty() ? 1 : p.k[0]) << " set " << int(set) << " gap " << gap);
  REQUIRE(good);
}

}  // namespace

TEMPLATE_TEST_CASE("matrix products of all orders and odd sizes", "", float, double) {
  for (const auto set : instruction_sets())
    for (const std::int64_t m : {1, 3, 17, 33})
      for (const std::int64_t n : {1, 3, 17, 50})
        for (const std::int64_t k : {0, 1, 3, 33}) {
          for (const bool turn_a : {false, true})
            for (const bool turn_b : {false, true})
              for (const bool turn_out : {false, true}) {
                Problem p{{}, {m}, {n}, {k}, {0, 2}, {2, 1}, {0, 1}};
                if (turn_a) std::swap(p.a[0], p.a[1]);
                if (turn_b) std::swap(p.b[0], p.b[1]);
                if (turn_out) std::swap(p.out[0], p.out[1]);
                check<TestType>(p, set);
              }
        }
}

TEMPLATE_TEST_CASE("products longer than a block", "", float, double) {
  for (const auto set : instruction_sets()) {
    check<TestType>({{}, {40}, {50}, {700}, {0, 2}, {2, 1}, {0, 1}}, set);
    check<TestType>({{}, {290}, {33}, {150}, {2, 0}, {1, 2}, {0, 1}}, set);
    check<TestType>({{}, {1}, {500}, {700}, {0, 2}, {2, 1}, {0, 1}}, set);
    check<TestType>({{}, {1}, {500}, {700}, {0, 2}, {1, 2}, {0, 1}}, set);
    check<TestType>({{}, {500}, {1}, {700}, {0, 2}, {1, 2}, {0, 1}}, set);
    check<TestType>({{}, {500}, {1}, {700}, {2, 0}, {1, 2}, {0, 1}}, set);
  }
}

TEMPLATE_TEST_CASE("products with gaps, groups of several dims and batches", "", float, double) {
  for (const auto set : instruction_sets()) {
    for (const std::int64_t gap : {1, 3}) {
      check<TestType>({{}, {20}, {30}, {10}, {0, 2}, {2, 1}, {0, 1}}, set, gap);
      // [B, T, E] x [E, G, H] -> [B, T, G, H]
      check<TestType>({{}, {3, 5}, {4, 6}, {7}, {0, 1, 4}, {4, 2, 3}, {0, 1, 2, 3}}, set, gap);
      // the same with x in the order [T, B, E]: rows don't join with those of the output
      check<TestType>({{}, {3, 5}, {4, 6}, {7}, {1, 0, 4}, {4, 2, 3}, {0, 1, 2, 3}}, set, gap);
      // the weights in the order [G, E, H]
      check<TestType>({{}, {3, 5}, {4, 6}, {7}, {0, 1, 4}, {2, 4, 3}, {0, 1, 2, 3}}, set, gap);
      // the output in the order [B, G, T, H]
      check<TestType>({{}, {3, 5}, {4, 6}, {7}, {0, 1, 4}, {4, 2, 3}, {0, 2, 1, 3}}, set, gap);
      // two dims summed over, [Head, K] -> D
      check<TestType>({{}, {9}, {8}, {3, 5}, {0, 2, 3}, {2, 3, 1}, {0, 1}}, set, gap);
      check<TestType>({{}, {9}, {8}, {3, 5}, {0, 3, 2}, {2, 3, 1}, {0, 1}}, set, gap);
      // attention: [B, Head, T, K] x [B, Head, T', K] -> [B, Head, T, T'], q and k in the order [B, T, Head,
      // K]
      check<TestType>({{2, 3}, {7}, {9}, {8}, {0, 2, 1, 4}, {0, 3, 1, 4}, {0, 1, 2, 3}}, set, gap);
      // a batch axis that one operand lacks
      check<TestType>({{4}, {5}, {6}, {7}, {1, 3}, {0, 3, 2}, {0, 1, 2}}, set, gap);
      // the same, and it has to be copied besides
      check<TestType>({{4}, {5, 2}, {6}, {7}, {2, 4, 1}, {0, 4, 3}, {0, 1, 2, 3}}, set, gap);
    }
    // no m, no n, no k at all; products of single numbers; nothing to compute
    check<TestType>({{}, {}, {6}, {7}, {1}, {1, 0}, {0}}, set);
    check<TestType>({{}, {6}, {}, {7}, {0, 1}, {1}, {0}}, set);
    check<TestType>({{}, {}, {}, {7}, {0}, {0}, {}}, set);
    check<TestType>({{}, {5}, {6}, {}, {0}, {1}, {0, 1}}, set);
    check<TestType>({{33}, {}, {}, {}, {0}, {0}, {0}}, set);
    check<TestType>({{33}, {}, {}, {17}, {0, 1}, {0, 1}, {0}}, set);
    check<TestType>({{0}, {2}, {3}, {4}, {0, 1, 3}, {0, 3, 2}, {0, 1, 2}}, set);
    check<TestType>({{2}, {0}, {3}, {4}, {0, 1, 3}, {0, 3, 2}, {0, 1, 2}}, set);
    check<TestType>({{2}, {3}, {3}, {0}, {0, 1, 3}, {0, 3, 2}, {0, 1, 2}}, set);
  }
}

TEST_CASE("dot works through NaN and infinity") {
  const Array<float> a({2, 1, 2}, {2, 0, 1}), b({2, 1, 2}, {0, 0, 1}), y({2, 1, 2}, {1, 0, 0});
  a.set({0, 1, kInf, 1});
  b.set({kInf, 1});
  run("dot", {a.view(), b.view()}, y.view(), groups(0, 1, 1, 1));
  CHECK(std::isnan(y[0]));
  CHECK(y[1] == kInf);
}

TEST_CASE("products do not depend on threads") {
  for (const Problem& p : {
           Problem{{}, {300}, {520}, {300}, {0, 2}, {2, 1}, {0, 1}},
           Problem{{}, {32}, {1024}, {256}, {0, 2}, {2, 1}, {0, 1}},
           Problem{{}, {32}, {256}, {1024}, {0, 2}, {1, 2}, {0, 1}},
           Problem{{}, {1}, {2048}, {512}, {0, 2}, {2, 1}, {0, 1}},
           Problem{{}, {2048}, {1}, {512}, {0, 2}, {2, 1}, {0, 1}},
           Problem{{40}, {32}, {32}, {64}, {0, 1, 3}, {0, 2, 3}, {0, 1, 2}},
           Problem{{}, {35, 32}, {64}, {64}, {1, 0, 3}, {3, 2}, {0, 1, 2}},
       }) {
    const Extents space = space_of(p);
    const Array<float> a(space, strides_of(space, p.a)), b(space, strides_of(space, p.b)),
        out(space, strides_of(space, p.out));
    a.randomize(1);
    b.randomize(2);
    CHECK(same_bits_on_any_threads("dot", {a.view(), b.view()}, out, params_of(p)));
  }
}
