#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/check/value.h"

namespace weft::check {

/// What names were declared at the top level, in order, so that a REPL can take a line back.
class Journal {
 public:
  /// A name is about to be declared; `before`: what it meant, if anything.
  void record(std::string name, std::optional<Binding> before) {
    entries_.push_back({std::move(name), std::move(before)});
  }
  std::size_t size() const { return entries_.size(); }
  /// Puts the names of `top` back to what they meant when the journal had this size.
  void take_back(std::size_t size, Scope& top) {
    for (; entries_.size() > size; entries_.pop_back()) {
      Entry& last = entries_.back();
      if (last.before) {
        top.names[last.name] = std::move(*last.before);
      } else {
        top.names.erase(last.name);
      }
    }
  }

 private:
  struct Entry {
    std::string name;
    std::optional<Binding> before;
  };
  std::vector<Entry> entries_;
};

}  // namespace weft::check
