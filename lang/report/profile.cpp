#include "lang/report/profile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

namespace weft {

namespace {

constexpr std::size_t kRows = 20;       // of a table; what comes after them is one more row
constexpr std::size_t kLineWidth = 60;  // of a source line that is shown

/// Calls that are told of together.
struct Sum {
  std::string name;
  double seconds = 0, flops = 0, bytes = 0;
  std::int64_t count = 0;
  std::map<std::string_view, double> ops;  // seconds

  void add(const CallRecord& call) {
    const auto times = static_cast<double>(call.count);
    const double took = static_cast<double>(call.nanoseconds) * 1e-9;
    seconds += took;
    flops += times * call.flops;
    bytes += times * call.bytes;
    count += call.count;
    ops[call.op] += took;
  }
};

std::string rate(double amount, double seconds) {
  if (amount <= 0 || seconds <= 0) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", amount / seconds * 1e-9);
  return text;
}

/// Short runs are told of in milliseconds.
bool is_short(double total) {
  return total < 1;
}

std::string row(const Sum& sum, double total) {
  char text[128];
  std::snprintf(text, sizeof text, "%5.1f %% %10.3f %10lld %8s %8s  ",
                total > 0 ? 100 * sum.seconds / total : 0.0, sum.seconds * (is_short(total) ? 1000 : 1),
                static_cast<long long>(sum.count), rate(sum.flops, sum.seconds).c_str(),
                rate(sum.bytes, sum.seconds).c_str());
  return text + sum.name + "\n";
}

std::string table(std::vector<Sum> sums, const char* what, double total) {
  std::stable_sort(sums.begin(), sums.end(),
                   [](const Sum& a, const Sum& b) { return a.seconds > b.seconds; });
  std::string out = is_short(total) ? "\n  share         ms" : "\n  share    seconds";
  out += "      calls     GF/s     GB/s  " + std::string(what) + "\n";
  for (std::size_t i = 0; i < std::min(sums.size(), kRows); ++i) out += row(sums[i], total);
  if (sums.size() <= kRows) return out;
  Sum rest;
  rest.name = "the other " + std::to_string(sums.size() - kRows);
  for (std::size_t i = kRows; i < sums.size(); ++i) {
    rest.seconds += sums[i].seconds;
    rest.flops += sums[i].flops;
    rest.bytes += sums[i].bytes;
    rest.count += sums[i].count;
  }
  return out + row(rest, total);
}

/// "lm.weft:16".
std::string place(const Sources& sources, Span span) {
  if (span == Span{} || span.file >= sources.size()) return "(no line)";
  return sources[span.file].name + ":" + std::to_string(sources.position(span.file, span.begin).line);
}

/// The line a span begins in, without what surrounds it, cut where it is long.
std::string line_text(const Sources& sources, Span span) {
  if (span == Span{} || span.file >= sources.size()) return "";
  const std::string& text = sources[span.file].text;
  const auto at = std::min<std::size_t>(span.begin, text.size());
  const auto before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  std::size_t begin = before == std::string::npos ? 0 : before + 1;
  std::size_t end = std::min(text.find('\n', at), text.size());
  while (begin < end && (text[begin] == ' ' || text[begin] == '\t')) ++begin;
  if (end - begin <= kLineWidth) return text.substr(begin, end - begin);
  end = begin + kLineWidth;
  while (end > begin && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(begin, end - begin) + "…";
}

/// The ops of a line that take the most, two at most.
std::string main_ops(const Sum& sum) {
  std::vector<std::pair<std::string_view, double>> ops(sum.ops.begin(), sum.ops.end());
  std::stable_sort(ops.begin(), ops.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(ops.size(), 2); ++i) {
    if (i && ops[i].second < 0.1 * sum.seconds) break;
    out += (i ? ", " : "") + std::string(ops[i].first);
  }
  return out + (ops.size() > 2 ? ", ..." : "");
}

}  // namespace

std::string profile_report(const Profile& profile, const Sources& sources) {
  std::map<std::string_view, Sum> by_op;
  std::map<std::string, Sum> by_line;
  double in_calls = 0, in_runs = 0;
  std::int64_t runs = 0;
  for (const PlanRecord& plan : profile.plans()) {
    runs += plan.runs();
    in_runs += static_cast<double>(plan.nanoseconds()) * 1e-9;
    for (const CallRecord& call : plan.calls()) {
      if (call.count == 0) continue;
      in_calls += static_cast<double>(call.nanoseconds) * 1e-9;
      Sum& op = by_op[call.op];
      op.name = std::string(call.op);
      op.add(call);
      const std::string where = place(sources, call.origin);
      Sum& line = by_line[where];
      if (line.name.empty()) line.name = where + "  " + line_text(sources, call.origin);
      line.add(call);
    }
  }
  std::vector<Sum> ops, lines;
  for (auto& [name, sum] : by_op) ops.push_back(std::move(sum));
  for (auto& [name, sum] : by_line) {
    sum.name += "  (" + main_ops(sum) + ")";
    lines.push_back(std::move(sum));
  }
  char head[160];
  std::snprintf(
      head, sizeof head,
      "profile: %.3f s in plans, run %lld times; %.3f s beside them, for data, planning and the rest\n",
      in_runs, static_cast<long long>(runs), std::max(profile.seconds_since_start() - in_runs, 0.0));
  return head + table(std::move(ops), "op", in_calls) + table(std::move(lines), "line", in_calls);
}

void write_trace(const std::string& path, const Profile& profile, const Sources& sources) {
  std::ofstream out(path, std::ios::binary);
  out << "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n"
         "{\"name\": \"process_name\", \"ph\": \"M\", \"pid\": 1, \"args\": {\"name\": \"weft\"}}";
  const auto event = [&](const std::string& name, std::int64_t begin, std::int64_t end,
                         const nlohmann::json& args) {
    nlohmann::json e = {{"name", name},
                        {"ph", "X"},
                        {"pid", 1},
                        {"tid", 1},
                        {"ts", static_cast<double>(begin) * 1e-3},
                        {"dur", static_cast<double>(end - begin) * 1e-3}};
    if (!args.empty()) e["args"] = args;
    out << ",\n" << e.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  std::size_t number = 0;
  for (const PlanRecord& plan : profile.plans()) {
    ++number;
    for (const PlanRecord::Run* run : plan.last_runs()) {
      event("plan " + std::to_string(number), run->begin, run->end, {});
      for (const PlanRecord::Event& e : run->events) {
        const CallRecord& call = plan.calls()[static_cast<std::size_t>(e.call)];
        const double seconds = static_cast<double>(e.end - e.begin) * 1e-9;
        nlohmann::json args = {{"line", place(sources, call.origin)},
                               {"source", line_text(sources, call.origin)}};
        if (seconds > 0) {
          args["GF/s"] = call.flops / seconds * 1e-9;
          args["GB/s"] = call.bytes / seconds * 1e-9;
        }
        event(std::string(call.op), e.begin, e.end, args);
      }
    }
  }
  out << "\n]}\n";
  if (out.flush()) return;
  throw std::system_error(errno, std::generic_category(), "can't write the trace " + path);
}

}  // namespace weft
