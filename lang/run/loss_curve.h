#pragma once

#include <cstdint>
#include <vector>

namespace weft {

/// The losses of a training's steps, kept in bounded memory: means over bins of steps, of which two become
/// one whenever there are too many.
class LossCurve {
 public:
  void add(double loss) {
    sum_ += loss;
    if (++in_bin_ < stride_) return;
    bins_.push_back(sum_ / static_cast<double>(stride_));
    sum_ = 0;
    in_bin_ = 0;
    if (bins_.size() < kMost) return;
    for (std::size_t i = 0; i < kMost / 2; ++i) bins_[i] = (bins_[2 * i] + bins_[2 * i + 1]) / 2;
    bins_.resize(kMost / 2);
    stride_ *= 2;
  }
  /// What is in the bin that isn't full counts as one.
  std::vector<double> bins() const {
    std::vector<double> out = bins_;
    if (in_bin_ > 0) out.push_back(sum_ / static_cast<double>(in_bin_));
    return out;
  }

 private:
  static constexpr std::size_t kMost = 512;
  std::vector<double> bins_;
  double sum_ = 0;
  std::int64_t in_bin_ = 0, stride_ = 1;
};

}  // namespace weft
