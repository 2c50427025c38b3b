#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/embedding.h"
#include "nlp/embedding/train/rows.h"
#include "nlp/embedding/train/training_data.h"

namespace weft::nlp {

/// Trains on lines of words, after sub-sampling. For each word at t a window b is drawn from 1 .. window;
/// the words within b of it are its context.
///
/// Skip-gram: the vectors of the context's words predict the word (Mikolov et al. 2013). Over a line these
/// are the pairs of words that fastText trains, which says it the other way: the word predicts each of its
/// context. Some pairs make a step of weft::NoiseStep: they share the negatives, so that small matrix
/// products take the place of many inner ones (Ji et al. 2016, where the pairs of one word do). They are
/// taken from all over the line. The words of one context, pushed away from the same negatives, would come
/// nearer to one another, which shows in what is taken for similar: SimLex-999 on english16 gave .215 for
/// them, .231 for five pairs of a line, and .239 for fastText, which draws for each pair. Where words have
/// n-grams, and for a tree, whose nodes aren't drawn, the pairs of one word are a step, of weft::PairStep.
///
/// CBOW: the mean of the context's vectors predicts the word; each of them takes the whole gradient of the
/// mean, as word2vec and fastText have it. A few words that follow one another share their negatives.
///
/// What is predicted: the word against `negatives` draws of noise that are none of the words (negative
/// sampling), or its path in the Huffman tree (hierarchical softmax).
///
/// With n-grams a word's vector is the mean of its rows, and each row takes the whole gradient (Bojanowski et
/// al. 2017, as fastText has it). A vector is made when the window reaches its place in the line and kept
/// until the window has left it; then what it has learnt goes to its rows. So its rows are read and written
/// once for each place of a word and not once for each pair.
template <class Rows>
class LineTrainer {
 public:
  LineTrainer(const TrainingData& data, Rows rows);

  void train(std::span<const std::int32_t> line, float rate, RandomStream& random);

  Rows& rows() { return rows_; }
  /// The loss of a sample of the steps, and how many predictions it is of. One prediction's loss is
  /// - log sigmoid(s) of the word and the sum of - log sigmoid(-s) of its negatives, or that of its path.
  double loss = 0;
  double predictions = 0;

 private:
  static constexpr std::int64_t kGroup = 4;  // words that share negatives in CBOW
  static constexpr std::int64_t kPairs = 5;  // of a step
  static_assert(kGroup <= kPairs);
  static constexpr std::int64_t kStretch = 32;  // words of a line whose pairs are mixed: their rows stay near
  static constexpr std::uint32_t kLossEvery = 16;  // of so many steps, one tells its loss

  using Line = std::span<const std::int32_t>;
  void skipgram(Line line, float rate, RandomStream& random);
  void skipgram_pairs(Line line, float rate, RandomStream& random);
  void cbow(Line line, float rate, RandomStream& random);
  void step(std::int64_t m, std::int64_t n, const float* labels, float rate);
  void noise_step(std::int64_t m, float rate);
  void noise_outputs();
  double* loss_of(std::int64_t m);
  void draw(Line targets, RandomStream& random);
  void path_outputs(std::int32_t word);

  // The vectors of the places of a line.
  float* place(Line line, std::int64_t p);
  void enter_until(Line line, std::int64_t end);
  void leave_until(Line line, std::int64_t end);
  float* kept(std::int64_t p, int after) { return places_.data() + ((p % ring_) * 2 + after) * stride_; }

  const TrainingData& data_;
  const EmbeddingSettings& settings_;
  const EmbeddingKernels& kernels_;
  Rows rows_;
  std::int64_t stride_;
  bool subwords_, tree_;

  std::int64_t ring_ = 0, entered_ = 0, left_ = 0;  // places of the line whose vectors are kept
  std::vector<float*> row_list_;

  std::vector<std::int32_t> drawn_;
  std::size_t drawn_for_step_ = 0;  // those of them that outputs_ holds
  std::vector<float*> inputs_, outputs_;
  struct Pair {
    std::int32_t input, target;
  };
  std::vector<Pair> pairs_;
  std::vector<std::int32_t> targets_;
  std::uint32_t steps_ = 0;

  /// Floats on a cache line.
  class Aligned {
   public:
    void resize(std::int64_t n) { floats_ = Matrix(1, static_cast<std::int32_t>(n)); }
    float* data() { return floats_.row(0); }

   private:
    Matrix floats_;
  };
  Aligned places_, means_, scratch_;
  std::vector<float> labels_;  // by the number of negatives that could be drawn, or a path's
  std::int64_t labels_m_ = -1, labels_n_ = -1;
  void label_first(std::int64_t m, std::int64_t n);
  void label_path(std::int64_t m, std::span<const float> codes);
};

extern template class LineTrainer<SharedRows>;
extern template class LineTrainer<CopiedRows>;

}  // namespace weft::nlp
