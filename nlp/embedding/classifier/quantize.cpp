#include "nlp/embedding/classifier/quantize.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/classifier.h"
#include "nlp/embedding/classifier/order.h"
#include "nlp/embedding/classifier/random.h"

namespace weft::nlp {

namespace {

constexpr std::int64_t kCentroids = 256, kMostPoints = 256 * 256;
constexpr int kRounds = 25;

/// Rows in pieces of `d` elements from element `first` on, each times scale(row).
std::vector<float> points_of(const Matrix& m, std::span<const float> norms, std::int64_t first,
                             std::int64_t d, std::int64_t begin, std::int64_t end, const Order* order) {
  std::vector<float> out;
  out.reserve(static_cast<std::size_t>((end - begin) * d));
  for (std::int64_t i = begin; i < end; ++i) {
    const std::int64_t row = order ? (*order)[i] : i;
    const float norm = norms.empty() ? 1.0F : norms[static_cast<std::size_t>(row)];
    for (std::int64_t k = 0; k < d; ++k) out.push_back(m.row(row)[first + k] / (norm > 0 ? norm : 1.0F));
  }
  return out;
}

/// Lloyd's algorithm from the first points; `points` are in random order. A centroid that nothing is near to
/// takes half of the largest.
void find_centroids(const std::vector<float>& points, std::int64_t d, float* centroids) {
  const ClassifierKernels& kernels = classifier_kernels();
  const std::int64_t n = static_cast<std::int64_t>(points.size()) / d;
  std::copy_n(points.begin(), kCentroids * d, centroids);
  std::vector<std::uint8_t> codes(static_cast<std::size_t>(n));
  std::vector<double> sums(static_cast<std::size_t>(kCentroids * d));
  for (int round = 0; round < kRounds; ++round) {
    kernels.nearest(points.data(), n, d, centroids, codes.data());
    std::fill(sums.begin(), sums.end(), 0.0);
    std::vector<std::int64_t> members(kCentroids, 0);
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t c = codes[static_cast<std::size_t>(i)];
      ++members[static_cast<std::size_t>(c)];
      for (std::int64_t k = 0; k < d; ++k)
        sums[static_cast<std::size_t>(c * d + k)] +=
            static_cast<double>(points[static_cast<std::size_t>(i * d + k)]);
    }
    for (std::int64_t c = 0; c < kCentroids; ++c)
      for (std::int64_t k = 0; k < d && members[static_cast<std::size_t>(c)] > 0; ++k)
        centroids[c * d + k] = static_cast<float>(sums[static_cast<std::size_t>(c * d + k)] /
                                                  static_cast<double>(members[static_cast<std::size_t>(c)]));
    for (std::int64_t c = 0; c < kCentroids; ++c) {
      if (members[static_cast<std::size_t>(c)] > 0) continue;
      const auto from = std::max_element(members.begin(), members.end()) - members.begin();
      for (std::int64_t k = 0; k < d; ++k) {
        const float apart = k % 2 ? 1e-7F : -1e-7F;
        centroids[c * d + k] = centroids[from * d + k] + apart;
        centroids[from * d + k] -= apart;
      }
      members[static_cast<std::size_t>(c)] = members[static_cast<std::size_t>(from)] / 2;
      members[static_cast<std::size_t>(from)] -= members[static_cast<std::size_t>(c)];
    }
  }
}

void need_rows(std::int64_t rows, const char* which) {
  if (rows < kCentroids)
    throw std::runtime_error(std::string("quantizing needs at least 256 rows; the ") + which + " has " +
                             std::to_string(rows));
}

std::vector<float> norms_of(const Matrix& m) {
  std::vector<float> out;
  out.reserve(static_cast<std::size_t>(m.rows()));
  for (std::int64_t i = 0; i < m.rows(); ++i) {
    double sum = 0;
    for (const float x : m[i]) sum += static_cast<double>(x) * static_cast<double>(x);
    out.push_back(static_cast<float>(std::sqrt(sum)));
  }
  return out;
}

}  // namespace

QuantizedMatrix quantize_matrix(const Matrix& matrix, const QuantizeOptions& options,
                                const Workers& workers) {
  need_rows(matrix.rows(), "matrix");
  const ClassifierKernels& kernels = classifier_kernels();
  QuantizedMatrix out;
  out.rows = matrix.rows();
  out.columns = matrix.columns();
  out.block = options.block;
  out.norms = options.norms;
  const std::int64_t n = out.rows, blocks = out.blocks(), some = std::min(n, kMostPoints);
  std::vector<float> norms;
  if (options.norms) {
    norms = norms_of(matrix);
    std::vector<float> drawn;
    const Order order(n, options.seed, 1'000'000);
    for (std::int64_t i = 0; i < some; ++i) drawn.push_back(norms[static_cast<std::size_t>(order[i])]);
    out.norm_centroids.resize(kCentroids);
    find_centroids(drawn, 1, out.norm_centroids.data());
    out.norm_codes.resize(static_cast<std::size_t>(n));
    kernels.nearest(norms.data(), n, 1, out.norm_centroids.data(), out.norm_codes.data());
  }
  out.codes.resize(static_cast<std::size_t>(n * blocks));
  out.centroids.resize(static_cast<std::size_t>(out.columns) * kCentroids);
  workers.for_each_range(blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::uint8_t> codes;
    for (std::int64_t b = begin; b < end; ++b) {
      const std::int64_t first = b * out.block, d = std::min<std::int64_t>(out.block, out.columns - first);
      const Order order(n, options.seed, static_cast<std::uint64_t>(b));
      float* const centroids = out.centroids.data() + b * kCentroids * out.block;
      find_centroids(points_of(matrix, norms, first, d, 0, some, &order), d, centroids);
      constexpr std::int64_t kPiece = 65536;
      for (std::int64_t i = 0; i < n; i += kPiece) {
        const std::int64_t m = std::min(kPiece, n - i);
        codes.resize(static_cast<std::size_t>(m));
        kernels.nearest(points_of(matrix, norms, first, d, i, i + m, nullptr).data(), m, d, centroids,
                        codes.data());
        for (std::int64_t r = 0; r < m; ++r)
          out.codes[static_cast<std::size_t>((i + r) * blocks + b)] = codes[static_cast<std::size_t>(r)];
      }
    }
  });
  return out;
}

void cut_rows(EmbeddingModel& model, std::int64_t rows) {
  const std::vector<float> norms = norms_of(model.input);
  const std::int32_t words = model.dictionary.words(), line_end = model.dictionary.find(kLineEnd);
  std::vector<std::int32_t> order(static_cast<std::size_t>(model.input.rows()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    if ((a == line_end) != (b == line_end)) return a == line_end;
    return norms[static_cast<std::size_t>(a)] > norms[static_cast<std::size_t>(b)];
  });
  order.resize(static_cast<std::size_t>(std::min(rows, model.input.rows())));
  std::sort(order.begin(), order.end());

  Dictionary dictionary;
  dictionary.tokens = model.dictionary.tokens;
  std::vector<std::int32_t> kept(static_cast<std::size_t>(model.settings.buckets), -1);
  Matrix input(static_cast<std::int64_t>(order.size()), model.dimension());
  std::int64_t next = 0;
  for (const std::int32_t r : order) {
    if (r < words)
      dictionary.add(model.dictionary.text(r), model.dictionary.count(r));
    else
      kept[static_cast<std::size_t>(r - words)] = static_cast<std::int32_t>(next - dictionary.words());
    std::memcpy(input.row(next++), model.input.row(r),
                static_cast<std::size_t>(input.stride()) * sizeof(float));
  }
  for (std::int32_t i = words; i < model.dictionary.size(); ++i)
    dictionary.add(model.dictionary.text(i), model.dictionary.count(i), Dictionary::Kind::label);
  model.dictionary = std::move(dictionary);
  model.kept_buckets = std::move(kept);
  model.input = std::move(input);
}

void quantize(EmbeddingModel& model, const QuantizeOptions& options, const Workers& workers) {
  if (model.quantized_input || model.input.empty())
    throw std::runtime_error("the model is quantized already");
  if (options.cutoff > 0 && options.cutoff < model.input.rows()) {
    cut_rows(model, options.cutoff);
    if (options.retrain) options.retrain(model);
  }
  need_rows(model.input.rows(), "input matrix");
  if (options.output) need_rows(model.output.rows(), "output matrix");
  model.quantized_input = std::make_unique<QuantizedMatrix>(quantize_matrix(model.input, options, workers));
  model.input = Matrix();
  if (!options.output) return;
  QuantizeOptions output = options;
  output.block = 2;
  model.quantized_output = std::make_unique<QuantizedMatrix>(quantize_matrix(model.output, output, workers));
  model.output = Matrix();
}

std::int64_t cutoff_for(const EmbeddingModel& model, const QuantizeOptions& options, std::int64_t bytes) {
  const std::int64_t m = model.output.rows(), d = model.dimension(), norm = options.norms ? 1 : 0;
  const std::int64_t output =
      options.output ? 37 + 4 * kCentroids * d + m * ((d + 1) / 2 + norm) : 16 + 4 * m * d;
  // 107 bytes of settings; beside its codes a word takes some ten bytes of dictionary.
  const std::int64_t left = bytes - 107 - 4 * kCentroids * d - output;
  return left / ((d + options.block - 1) / options.block + norm + 10);
}

}  // namespace weft::nlp
