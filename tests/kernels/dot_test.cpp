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
  Extents a_strides{};  // in the place of that order, where there is none
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
  const Array<T> a(space, p.a_strides.empty() ? strides_of(space, p.a, gap) : p.a_strides),
      b(space, strides_of(space, p.b)), out(space, strides_of(space, p.out, gap));
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
           Problem{{}, {1000}, {100}, {600}, {0, 2}, {1, 2}, {0, 1}},
           Problem{{}, {1000}, {100}, {600}, {2, 0}, {2, 1}, {0, 1}},
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

// The product with one factor packed before, or an empty array where the kernel sees no use in that.
template <class T>
std::vector<T> with_packed(int factor, const Array<T>& a, const Array<T>& b, const Array<T>& out,
                           KernelParams params, InstructionSet set, int threads) {
  params.numbers[0] = factor;
  const Workers workers(threads);
  const Kernel* kernel = find_cpu_kernel("dot", set, dtype_of<T>());
  KernelCall call;
  call.params = &params;
  call.workers = &workers;
  const std::array<View, 2> factors{a.view(), b.view()};
  call.inputs = factors;
  call.output = out.view();
  const std::int64_t bytes = kernel->packed_bytes(call, 1000);
  if (bytes == 0) return {};
  const Array<T> packed({bytes / size_of(dtype_of<T>())});
  packed.fill(static_cast<T>(kNan));
  const std::array<View, 3> to_pack{a.view(), b.view(), out.view()};
  call.inputs = to_pack;
  call.output = packed.view();
  kernel->pack(call);
  const std::vector<T> before = (factor == 0 ? a : b).copy();
  (factor == 0 ? a : b).fill(static_cast<T>(kNan));  // nobody reads it any more
  out.fill(static_cast<T>(kNan));
  Options options;
  options.set = set;
  options.threads = threads;
  options.iteration = static_cast<std::uint32_t>(threads);  // the turns of a loop may go either way
  run("dot", {a.view(), b.view(), packed.view()}, out.view(), params, options);
  (factor == 0 ? a : b).set(before);
  return out.copy();
}

TEMPLATE_TEST_CASE("a factor packed before gives the same bits", "", float, double) {
  const std::vector<Problem> problems{
      {{}, {2}, {2}, {1}, {0, 2}, {2, 1}, {0, 1}},
      {{}, {32}, {100}, {300}, {0, 2}, {2, 1}, {0, 1}},
      {{}, {32}, {100}, {300}, {0, 2}, {1, 2}, {0, 1}},
      {{}, {33}, {64}, {31}, {2, 0}, {1, 2}, {1, 0}},
      {{}, {300}, {70}, {600}, {2, 0}, {2, 1}, {0, 1}},
      {{}, {4, 5}, {3, 7}, {5, 3}, {0, 1, 4, 5}, {4, 5, 2, 3}, {0, 1, 2, 3}},
      {{}, {4, 5}, {3, 7}, {15}, {0, 1, 4}, {4, 2, 3}, {2, 3, 0, 1}},
  };
  for (const auto set : instruction_sets())
    for (const Problem& p : problems)
      for (const int factor : {0, 1}) {
        const Extents space = space_of(p);
        const Array<TestType> a(space, strides_of(space, p.a)), b(space, strides_of(space, p.b)),
            out(space, strides_of(space, p.out));
        a.randomize(1);
        b.randomize(2);
        Options options;
        options.set = set;
        run("dot", {a.view(), b.view()}, out.view(), params_of(p), options);
        const std::vector<TestType> expected = out.copy();
        for (const int threads : {1, 2}) {
          const auto got = with_packed(factor, a, b, out, params_of(p), set, threads);
          INFO("set " << int(set) << " factor " << factor << " m " << p.m[0] << " n " << p.n[0] << " k "
                      << p.k[0]);
          if (set == InstructionSet::baseline && got.empty()) continue;  // OpenBLAS packs for itself
          REQUIRE(got.size() == expected.size());
          CHECK(std::memcmp(got.data(), expected.data(), got.size() * sizeof(TestType)) == 0);
        }
      }
}

TEMPLATE_TEST_CASE("a large factor of a single row, packed before, gives the same bits", "", float, double) {
  for (const auto set : instruction_sets())
    for (const std::int64_t n : {1024, 1023, 1041, 1060})
      for (const std::int64_t k : {257, 300, 545, 546}) {
        if (set == InstructionSet::baseline) continue;
        for (const int factor : {0, 1}) {
          const Extents space = factor == 1 ? Extents{1, n, k} : Extents{n, 1, k};
          const Array<TestType> a(space, factor == 1 ? Extents{0, 0, 1} : Extents{1, 0, n}),
              b(space, factor == 1 ? Extents{0, 1, n} : Extents{0, 0, 1}),
              out(space, factor == 1 ? Extents{0, 1, 0} : Extents{1, 0, 0});
          a.randomize(1);
          b.randomize(2);
          Options options;
          options.set = set;
          run("dot", {a.view(), b.view()}, out.view(), groups(0, 1, 1, 1), options);
          const std::vector<TestType> expected = out.copy();
          for (const int threads : {1, 2}) {
            const auto got = with_packed(factor, a, b, out, groups(0, 1, 1, 1), set, threads);
            INFO("set " << int(set) << " factor " << factor << " n " << n << " k " << k);
            REQUIRE(got.size() == expected.size());
            CHECK(std::memcmp(got.data(), expected.data(), got.size() * sizeof(TestType)) == 0);
          }
        }
      }
}

TEST_CASE("what is not worth packing") {
  const auto bytes = [](const Problem& p, int factor, std::int64_t calls = 1000) {
    const Extents space = space_of(p);
    const Array<float> a(space, strides_of(space, p.a)), b(space, strides_of(space, p.b)),
        out(space, strides_of(space, p.out));
    KernelParams params = params_of(p);
    params.numbers[0] = factor;
    const std::array<View, 2> factors{a.view(), b.view()};
    KernelCall call;
    call.params = &params;
    call.inputs = factors;
    call.output = out.view();
    return find_kernel("dot", Device::cpu, DType::f32)->packed_bytes(call, calls);
  };
  // what a small single row, or column, is multiplied by, or the row itself; a factor of each element of a
  // batch; a factor that isn't one matrix
  CHECK(bytes({{}, {1}, {500}, {70}, {0, 2}, {2, 1}, {0, 1}}, 1) == 0);
  CHECK(bytes({{}, {500}, {1}, {70}, {0, 2}, {2, 1}, {0, 1}}, 0) == 0);
  CHECK(bytes({{}, {1}, {2000}, {700}, {0, 2}, {2, 1}, {0, 1}}, 0) == 0);
  CHECK(bytes({{3}, {5}, {6}, {7}, {0, 1, 3}, {0, 3, 2}, {0, 1, 2}}, 1) == 0);
  CHECK(bytes({{}, {8}, {4, 6}, {7}, {0, 3}, {1, 3, 2}, {0, 1, 2}}, 1) == 0);
  if (best_instruction_set() == InstructionSet::baseline) return;  // OpenBLAS packs for itself
  // over few calls
  const Problem product{{}, {8}, {500}, {70}, {0, 2}, {2, 1}, {0, 1}};
  CHECK(bytes(product, 1, 3) == 0);
  CHECK(bytes(product, 1, 4) > 0);
  const Problem row{{}, {1}, {2000}, {700}, {0, 2}, {2, 1}, {0, 1}};
  CHECK(bytes(row, 1, 32) == 0);
  CHECK(bytes(row, 1, 64) > 0);
}

TEMPLATE_TEST_CASE("a part of a product is the product of the parts, to the bit", "", float, double) {
  // However large products are cut, an element is the same sum; only OpenBLAS has its own ways.
  for (const auto set : instruction_sets()) {
    if (set == InstructionSet::baseline) continue;
    Options options;
    options.set = set;
    for (const bool turn_a : {false, true})
      for (const bool turn_b : {false, true})
        for (const auto& [m, n, k] :
             {std::array<std::int64_t, 3>{500, 170, 300}, {90, 1100, 60}, {4100, 1100, 5}}) {
          if (m > 4000 && turn_a != turn_b) continue;  // large, and nothing new
          const Extents space{m, n, k};
          const Array<TestType> a(space, turn_a ? Extents{1, 0, m} : Extents{k, 0, 1}),
              b(space, turn_b ? Extents{0, k, 1} : Extents{0, 1, n}), out(space, {n, 1, 0});
          a.randomize(1);
          b.randomize(2);
          out.fill(static_cast<TestType>(kNan));
          run("dot", {a.view(), b.view()}, out.view(), groups(0, 1, 1, 1), options);
          for (const std::int64_t row : {std::int64_t{0}, m / 2, m - 5})
            for (const std::int64_t column : {std::int64_t{0}, n - 19}) {
              const Extents part{5, 19, k};
              const Array<TestType> small(part, {19, 1, 0});
              View rows = a.view(), columns = b.view();
              rows.data += row * rows.strides[0] * size_of(rows.dtype);
              columns.data += column * columns.strides[1] * size_of(columns.dtype);
              for (View* view : {&rows, &columns}) std::copy(part.begin(), part.end(), view->extents.begin());
              run("dot", {rows, columns}, small.view(), groups(0, 1, 1, 1), options);
              bool same = true;
              for (std::int64_t i = 0; i < 5; ++i)
                same &= std::memcmp(&small[i * 19], &out[(row + i) * n + column], 19 * sizeof(TestType)) == 0;
              INFO("set " << int(set) << " n " << n << " turned " << turn_a << turn_b << " from " << row
                          << ' ' << column);
              CHECK(same);
            }
        }
  }
}

TEMPLATE_TEST_CASE("products with the windows of an image, which are not copied", "", float, double) {
  struct Image {
    std::int64_t rows, columns, colours, height, width, maps, stride;
  };
  for (const auto set : instruction_sets())
    for (const auto& [rows, columns, colours, height, width, maps, stride] :
         {Image{5, 7, 3, 3, 3, 4, 1}, Image{9, 20, 16, 3, 2, 33, 1}, Image{6, 31, 1, 5, 5, 6, 1},
          Image{13, 17, 40, 3, 3, 20, 2}, Image{1, 3, 8, 2, 2, 1, 1}, Image{40, 40, 8, 3, 3, 70, 1}}) {
      const std::int64_t line = ((columns - 1) * stride + width) * colours,
                         image = line * ((rows - 1) * stride + height), step = stride * colours;
      // [image | row, column | map | row and column in the window, colour]
      const Problem forward{
          {2}, {rows, columns}, {maps},       {height, width, colours},
          {},  {4, 5, 6, 3},    {0, 1, 2, 3}, {image, line * stride, step, 0, line, colours, 1}};
      check<TestType>(forward, set);
      Problem turned = forward;  // a map's weights side by side
      turned.b = {3, 4, 5, 6};
      check<TestType>(turned, set);
      // Colour after colour.
      const std::int64_t across = (columns - 1) * stride + width,
                         plane = across * ((rows - 1) * stride + height);
      Problem planes = forward;
      planes.a_strides = {plane * colours, across * stride, stride, 0, across, 1, plane};
      check<TestType>(planes, set);
      // [| row and column in the window, colour | map | image, row, column]: the gradient of the weights
      check<TestType>({{},
                       {height, width, colours},
                       {maps},
                       {2, rows, columns},
                       {},
                       {4, 5, 6, 3},
                       {0, 1, 2, 3},
                       {line, colours, 1, 0, image, line * stride, step}},
                      set);
      // Of no images.
      check<TestType>({{},
                       {height, width, colours},
                       {maps},
                       {0, rows, columns},
                       {},
                       {4, 5, 6, 3},
                       {0, 1, 2, 3},
                       {line, colours, 1, 0, image, line * stride, step}},
                      set);
    }
}

TEST_CASE("products with windows give the same bits on any threads") {
  const std::int64_t rows = 40, columns = 40, colours = 8, maps = 70, line = (columns + 2) * colours;
  const Extents space{4, rows, columns, maps, 3, 3, colours};
  const Array<float> a(space, {line * (rows + 2), line, colours, 0, line, colours, 1}),
      b(space, strides_of(space, {4, 5, 6, 3})), out(space, strides_of(space, {0, 1, 2, 3}));
  a.randomize(1);
  b.randomize(2);
  CHECK(same_bits_on_any_threads("dot", {a.view(), b.view()}, out, groups(0, 3, 1, 3)));
}
