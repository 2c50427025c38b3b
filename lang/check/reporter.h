#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/check/value.h"
#include "lang/diagnostic.h"

namespace weft::check {

/// A call whose function is being read.
struct ActiveCall {
  const ast::FnDecl* function = nullptr;
  const Instance* instance = nullptr;
  Span span;
};
using CallStack = std::vector<ActiveCall>;  // the innermost last

/// Collects the faults and warnings of a program. A fault found inside a function of the standard library is
/// told at the call that led there; of the library's own text there are no warnings.
class Reporter {
 public:
  /// `calls`: those being read, now and whenever something is told.
  explicit Reporter(const CallStack& calls) : calls_(calls) {}

  /// Sources below this number are the standard library.
  void set_library_files(std::uint32_t files) { library_files_ = files; }

  /// One fault of each code and place: a function read twice, for training and for validation, has its faults
  /// but once.
  void fail(Diagnostic);
  void warn(Diagnostic);
  /// What the parser found.
  void add(const std::vector<Diagnostic>& faults) {
    faults_.insert(faults_.end(), faults.begin(), faults.end());
  }

  std::size_t faults() const { return faults_.size(); }
  std::size_t warnings() const { return warnings_.size(); }
  /// Whether there are so many faults that no more are told.
  bool full() const;
  const Diagnostic& fault(std::size_t i) const { return faults_[i]; }

  /// In the order of the source; none is left.
  std::vector<Diagnostic> take_faults();
  std::vector<Diagnostic> take_warnings();
  /// Drops the faults from the one of this number on, or those among them for which `which` holds.
  void drop_faults(std::size_t from) { faults_.resize(from); }
  template <class Predicate>
  void drop_faults(std::size_t from, Predicate which) {
    const auto begin = faults_.begin() + static_cast<std::ptrdiff_t>(from);
    faults_.erase(std::remove_if(begin, faults_.end(), which), faults_.end());
  }
  void drop_warnings(std::size_t from) { warnings_.resize(std::min(from, warnings_.size())); }

 private:
  const CallStack& calls_;
  std::vector<Diagnostic> faults_, warnings_;
  std::uint32_t library_files_ = 0;
};

}  // namespace weft::check
