#pragma once

#include <string>
#include <vector>

#include "lang/session.h"

namespace weft {

/// A source that was checked and not run.
class Checked : private Observer {
 public:
  explicit Checked(std::string source, const std::string& name = "test.weft")
      : source_(std::move(source)), session_({}, *this) {
    found_ = session_.read(name, source_);
  }
  const std::vector<Diagnostic>& found() const { return found_; }
  const Sources& sources() const { return session_.sources(); }

  /// What is told, as a person reads it.
  std::string told() const {
    std::string out;
    for (const Diagnostic& d : found_) out += render(d, session_.sources());
    return out;
  }
  /// The source with the fix of its first diagnostic made.
  std::string mended() const {
    const Fix& fix = *found_.at(0).fix;
    std::string text = source_;
    return text.replace(fix.span.begin, fix.span.end - fix.span.begin, fix.text);
  }

 private:
  void show(const std::string&) override {}
  void progress(const Progress&) override {}
  void note(const std::string&) override {}
  bool interrupted() override { return false; }

  std::string source_;
  Session session_;
  std::vector<Diagnostic> found_;
};

}  // namespace weft
