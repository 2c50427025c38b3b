#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor/extent.h"
#include "tensor/span.h"

namespace weft {

enum class AxisId : std::uint32_t {};

/// The names of an axis' positions: classes, tags, the words of a vocabulary.
class Labels {
 public:
  /// Throws invalid_argument for a name given twice.
  explicit Labels(std::vector<std::string> names);
  std::int64_t size() const { return static_cast<std::int64_t>(names_.size()); }
  const std::string& at(std::int64_t i) const { return names_.at(static_cast<std::size_t>(i)); }
  std::optional<std::int64_t> find(std::string_view name) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::int64_t> index_;
};

/// An axis is its declaration, not its spelling: two of one name are different axes.
struct Axis {
  std::string name;  // without primes
  int primes = 0;
  Extent extent;
  std::shared_ptr<const Labels> labels;  // null where there are none, or none yet
  Span declared;
};

/// All axes of a program and the symbols of their extents. Grows only; ids stay valid.
class AxisTable {
 public:
  AxisId declare(std::string name, Extent extent, Span declared = {},
                 std::shared_ptr<const Labels> labels = nullptr);
  /// T' of T, T'' of T': the same one each time; extent and labels as its base has them now.
  AxisId primed(AxisId axis);
  /// Gives an axis, and its primed ones, labels that came with the data.
  void set_labels(AxisId axis, std::shared_ptr<const Labels> labels);

  /// Settles how long an axis is that was declared before that was known (an axis parameter, when it meets
  /// its argument); its primed ones follow.
  void set_extent(AxisId axis, const Extent& extent);

  /// The first axis that was declared with these very labels.
  std::optional<AxisId> labelled(const Labels& labels) const;

  const Axis& operator[](AxisId) const;
  /// "T", "T'".
  std::string name(AxisId) const;

  SymbolTable& symbols() { return symbols_; }
  const SymbolTable& symbols() const { return symbols_; }

 private:
  std::vector<Axis> axes_;
  std::map<AxisId, AxisId> primes_;
  SymbolTable symbols_;
};

}  // namespace weft
