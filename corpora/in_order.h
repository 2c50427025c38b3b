#pragma once

#include <memory>
#include <vector>

namespace weft::corpora {

/// What one thread does with a text, piece after piece.
class PieceWork {
 public:
  virtual ~PieceWork() = default;
  /// Takes the next piece; false where there is none. One thread at a time, in order.
  virtual bool take() = 0;
  /// What can be done with the piece alone, beside other threads.
  virtual void work() = 0;
  /// Adds the result to what is common. One thread at a time, in the order of take(): so the outcome doesn't
  /// depend on how many threads there are.
  virtual void join() = 0;
};

/// Runs the workers, each on a thread of its own (the first on the caller's), until there are no more pieces.
/// Throws what the first piece in order threw, as a single worker would.
void run_in_order(const std::vector<std::unique_ptr<PieceWork>>& workers);

/// How many threads `asked` stands for: 0 is one for each core, at most 64.
int thread_count(int asked);

}  // namespace weft::corpora
