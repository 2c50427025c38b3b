#include "lang/check/reporter.h"

#include "lang/syntax/limits.h"

/// Diagnostics: where they are told, each once, in the order of the source.
namespace weft::check {

namespace {

void add_once(std::vector<Diagnostic>& all, Diagnostic d) {
  const auto same = [&](const Diagnostic& other) { return other.code == d.code && other.span == d.span; };
  if (std::none_of(all.begin(), all.end(), same)) all.push_back(std::move(d));
}

std::vector<Diagnostic> take_sorted(std::vector<Diagnostic>& all) {
  std::vector<Diagnostic> out;
  out.swap(all);
  std::stable_sort(out.begin(), out.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.span.file, a.span.begin) < std::tie(b.span.file, b.span.begin);
  });
  return out;
}

}  // namespace

bool Reporter::full() const {
  return faults_.size() >= syntax::kMostFaults;
}

void Reporter::fail(Diagnostic d) {
  const auto caller = std::find_if(calls_.rbegin(), calls_.rend(),
                                   [&](const ActiveCall& c) { return c.span.file >= library_files_; });
  if (d.span.file < library_files_ && caller != calls_.rend()) {
    d.notes.insert(d.notes.begin(), {d.span, d.label});
    d.label = "in this call";
    d.span = caller->span;
  }
  if (d.fix && d.fix->span.file < library_files_) d.fix.reset();
  if (!full()) add_once(faults_, std::move(d));
}

void Reporter::warn(Diagnostic d) {
  if (d.span.file >= library_files_) add_once(warnings_, std::move(d));
}

std::vector<Diagnostic> Reporter::take_faults() {
  return take_sorted(faults_);
}

std::vector<Diagnostic> Reporter::take_warnings() {
  return take_sorted(warnings_);
}

}  // namespace weft::check
