#include "nlp/embedding/search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/row_products.h"

namespace weft::nlp {

namespace {

constexpr std::int64_t kQueries = 1024;  // in one product, at most: their rows stay in the second-level cache
constexpr std::int64_t kWords = 128;     // in one product: so do the scores
constexpr std::int64_t kSpansAThread = 4;

using Floats = float __attribute__((vector_size(32)));
using Ints = std::int32_t __attribute__((vector_size(32)));
constexpr std::int64_t kLanes = 8;

bool is_before(const Neighbour& a, const Neighbour& b) {
  return a.score != b.score ? a.score > b.score : a.word < b.word;
}

/// The best of each query so far; a heap each, the worst of them on top.
class Best {
 public:
  Best(std::int64_t queries, std::int64_t top)
      : top_(static_cast<std::size_t>(top)),
        heaps_(static_cast<std::size_t>(queries)),
        least_(static_cast<std::size_t>((queries + kLanes - 1) / kLanes * kLanes),
               std::numeric_limits<float>::infinity()) {
    std::fill_n(least_.begin(), queries, -std::numeric_limits<float>::infinity());
  }

  /// A word's scores with all queries; `scores` can be read up to a whole number of lanes. Words come in
  /// order, so an equal score is never better.
  void offer(std::int32_t word, const float* scores) {
    for (std::size_t q = 0; q < least_.size(); q += kLanes) {
      Floats s, t;
      __builtin_memcpy(&s, scores + q, sizeof s);
      __builtin_memcpy(&t, least_.data() + q, sizeof t);
      const Ints more = s > t;
      std::uint64_t bits[4];
      __builtin_memcpy(bits, &more, sizeof bits);
      if ((bits[0] | bits[1] | bits[2] | bits[3]) == 0) continue;
      for (std::size_t i = q; i < q + kLanes; ++i)
        if (scores[i] > least_[i]) insert(i, {word, scores[i]});
    }
  }

  std::vector<std::vector<Neighbour>>& heaps() { return heaps_; }

 private:
  void insert(std::size_t q, Neighbour n) {
    auto& heap = heaps_[q];
    if (heap.size() == top_) {
      std::pop_heap(heap.begin(), heap.end(), is_before);
      heap.back() = n;
    } else {
      heap.push_back(n);
    }
    std::push_heap(heap.begin(), heap.end(), is_before);
    if (heap.size() == top_) least_[q] = heap.front().score;
  }

  std::size_t top_;
  std::vector<std::vector<Neighbour>> heaps_;
  std::vector<float> least_;  // that counts: the worst of a full heap
};

}  // namespace

void scale_to_unit(std::span<float> v) {
  double sum = 0;
  for (const float x : v) sum += static_cast<double>(x) * static_cast<double>(x);
  if (sum == 0) return;
  const double scale = 1 / std::sqrt(sum);
  for (float& x : v) x = static_cast<float>(static_cast<double>(x) * scale);
}

VectorSearch::VectorSearch(const EmbeddingModel& model, const Workers& workers, std::int32_t words)
    : workers_(workers),
      units_(words < 0 ? model.dictionary.words() : std::min(words, model.dictionary.words()),
             model.dimension()) {
  const bool rows_are_vectors = !model.quantized_input && !model.settings.has_subwords();
  workers.for_each_range(units_.rows(), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::span<float> row = units_[i];
      if (rows_are_vectors)
        std::copy_n(model.input.row(i), row.size(), row.data());
      else
        model.vector(model.dictionary.text(static_cast<std::int32_t>(i)), row);
      scale_to_unit(row);
    }
  });
}

std::vector<std::vector<Neighbour>> VectorSearch::nearest(
    const Matrix& queries, std::int32_t top, const std::vector<std::vector<std::int32_t>>& excluded) const {
  std::vector<std::vector<Neighbour>> results(static_cast<std::size_t>(queries.rows()));
  std::size_t most_excluded = 0;
  for (const auto& e : excluded) most_excluded = std::max(most_excluded, e.size());
  const std::int64_t n = units_.rows();
  const std::int64_t kept =
      std::min<std::int64_t>(n, std::int64_t{top} + static_cast<std::int64_t>(most_excluded));
  if (kept <= 0) return results;

  Matrix units(std::min(kQueries, queries.rows()), queries.columns());
  for (std::int64_t first = 0; first < queries.rows(); first += kQueries) {
    const std::int64_t count = std::min(kQueries, queries.rows() - first);
    for (std::int64_t q = 0; q < count; ++q) {
      std::copy_n(queries.row(first + q), queries.columns(), units.row(q));
      scale_to_unit(units[q]);
    }
    const RowProducts products({units.row(0), count, units.stride()}, queries.columns());
    const std::int64_t stride = (count + kLanes - 1) / kLanes * kLanes;
    // How words are shared among threads doesn't show in the result.
    const std::int64_t spans =
        std::clamp<std::int64_t>(workers_.size() * kSpansAThread, 1, (n + kWords - 1) / kWords);
    const std::int64_t span = ((n + spans - 1) / spans + kWords - 1) / kWords * kWords;
    std::vector<Best> best(static_cast<std::size_t>((n + span - 1) / span), Best(count, kept));
    workers_.for_each_range(n, span, [&](std::int64_t begin, std::int64_t end) {
      Best& mine = best[static_cast<std::size_t>(begin / span)];
      std::vector<std::byte> workspace;
      std::vector<float> scores(static_cast<std::size_t>(kWords * stride));
      for (std::int64_t w = begin; w < end; w += kWords) {
        const std::int64_t rows = std::min(kWords, end - w);
        products.multiply({units_.row(w), rows, units_.stride()}, scores.data(), stride, workspace);
        for (std::int64_t i = 0; i < rows; ++i)
          mine.offer(static_cast<std::int32_t>(w + i), scores.data() + i * stride);
      }
    });
    for (std::int64_t q = 0; q < count; ++q) {
      auto& out = results[static_cast<std::size_t>(first + q)];
      for (Best& b : best) {
        const auto& heap = b.heaps()[static_cast<std::size_t>(q)];
        out.insert(out.end(), heap.begin(), heap.end());
      }
      if (!excluded.empty()) {
        const auto& without = excluded[static_cast<std::size_t>(first + q)];
        std::erase_if(out, [&](const Neighbour& x) {
          return std::find(without.begin(), without.end(), x.word) != without.end();
        });
      }
      std::sort(out.begin(), out.end(), is_before);
      if (static_cast<std::int64_t>(out.size()) > top) out.resize(static_cast<std::size_t>(top));
    }
  }
  return results;
}

}  // namespace weft::nlp
