#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "kernels/prefetch.h"
#include "nlp/embedding/matrix.h"

namespace weft::nlp {

/// Where a trainer finds rows. Either the matrices themselves, which other threads change at the same time
/// (Niu et al. 2011, "Hogwild!") ..
class SharedRows {
 public:
  SharedRows(Matrix& input, Matrix& output) : input_(&input), output_(&output) {}
  float* input(std::int64_t i) { return input_->row(i); }
  float* output(std::int64_t i) { return output_->row(i); }
  void fetch_input(std::int64_t i) const { fetch(input_->row(i), input_->stride()); }
  void fetch_output(std::int64_t i) const { fetch(output_->row(i), output_->stride()); }

 private:
  static void fetch(const float* row, std::int64_t stride) {
    prefetch(row, stride * static_cast<std::int64_t>(sizeof(float)));
  }
  Matrix* input_;
  Matrix* output_;
};

/// .. or copies of those that a piece of the corpus needs, made as they are first asked for. What became of
/// them is added to the matrices when all threads have stopped: so what a piece does depends on the matrices
/// before and on nothing that goes on beside it. Pointers stay valid until clear().
class CopiedRows {
 public:
  CopiedRows(Matrix& input, Matrix& output) : part_{Part(input), Part(output)} {}
  float* input(std::int64_t i) { return part_[0].row(i); }
  float* output(std::int64_t i) { return part_[1].row(i); }
  void fetch_input(std::int64_t) const {}
  void fetch_output(std::int64_t) const {}

  /// 0: input, 1: output. How many rows there are copies of, which they are, and how often each was asked
  /// for.
  std::int64_t count(int which) const { return static_cast<std::int64_t>(part_[which].rows.size()); }
  std::int64_t row_of(int which, std::int64_t copy) const {
    return part_[which].rows[static_cast<std::size_t>(copy)];
  }
  std::uint32_t uses(int which, std::int64_t copy) const {
    return part_[which].uses[static_cast<std::size_t>(copy)];
  }
  /// Adds a copy's change to its row of the matrix.
  void apply(int which, std::int64_t copy, float share) { part_[which].apply(copy, share); }
  void clear() {
    for (Part& p : part_) p.clear();
  }

 private:
  struct Part {
    explicit Part(Matrix& m) : matrix(&m) {}
    float* row(std::int64_t i);
    void apply(std::int64_t copy, float share);
    void clear();
    float* copy_at(std::int64_t c) const {
      return blocks[static_cast<std::size_t>(c / kBlock)].row(c % kBlock * 2);
    }

    static constexpr std::int64_t kBlock = 256;  // rows of a block: copies stay where they are
    Matrix* matrix;
    std::vector<std::int64_t> rows;      // by copy: which row it is of
    std::vector<std::uint32_t> uses;     // by copy
    std::vector<std::uint32_t> slots;    // open addressing by row: copy + 1; 0: free
    mutable std::vector<Matrix> blocks;  // each copy, and behind it the row as it was
  };
  Part part_[2];
};

}  // namespace weft::nlp
